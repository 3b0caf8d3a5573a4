import Domain
import HTTPTypes
import Hummingbird

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Listing and changing files (contracts/iib.md §1); packing is ``IIBZipRoutes``.
struct IIBFileRoutes {
    let services: IIBServices
    let language: IIBConfiguration.Language
    private let texts = ListingTexts()

    init(services: IIBServices, language: IIBConfiguration.Language) {
        self.services = services
        self.language = language
    }

    private var files: FileOperations { services.files }

    var routes: [IIBRoute] {
        [
            IIBRoute(.get, "/files") { request, _ in try await list(request) },
            IIBRoute(.post, "/batch_get_files_info") { request, _ in try await infos(request) },
            IIBRoute(.post, "/check_path_exists") { request, _ in try await exist(request) },
            IIBRoute(.post, "/mkdirs", .write) { request, _ in try await makeFolder(request) },
            IIBRoute(.post, "/delete_files", .write) { request, _ in try await delete(request) },
            IIBRoute(.post, "/copy_files", .write) { request, _ in try await copy(request) },
            IIBRoute(.post, "/move_files", .write) { request, _ in try await move(request) },
            IIBRoute(.post, "/db/rename", .write) { request, _ in try await rename(request) },
            IIBRoute(.post, "/flatten_folder", .write) { request, _ in try await flatten(request) },
        ]
    }

    // MARK: - Looking

    private func list(_ request: Request) async throws -> Response {
        var input = IIBInput(query: request)
        let folder = input.string("folder_path")
        try input.check()
        let listing: FileListing
        do {
            listing = try await files.list(IIBPath.absolute(folder), policy: await services.access.policy())
        } catch FileError.forbidden {
            throw IIBError(.badRequest, "403: Forbidden")
        } catch FileError.system(let error) {
            throw IIBError(.badRequest, text: PythonOSError.text(SystemError(code: error.code, action: folder)))
        }
        return .json(texts.text(of: listing.folder, listing.version, listing.entries))
    }

    private func infos(_ request: Request) async throws -> Response {
        var input = try await IIBInput(body: request)
        let paths = input.strings("paths")
        try input.check()
        let policy = try await services.access.policy()
        let infos = try await answering { try await files.infos(paths.map(IIBPath.absolute), policy: policy) }
        return IIBAnswer.object { writer in
            var time = LocalTimeWriter()
            for (path, info) in Self.unique(paths, infos) {
                var info = IIBFileInfo(info)
                // As there: who asks for paths by name is told so of all.
                info.isInLibrary = true
                writer.name(path)
                writer.value(info, &time)
            }
        }
    }

    private func exist(_ request: Request) async throws -> Response {
        var input = try await IIBInput(body: request)
        let paths = input.strings("paths")
        try input.check()
        let policy = try await services.access.refresh()
        let found = try await files.exist(paths.map(IIBPath.absolute), policy: policy)
        return IIBAnswer.object { writer in
            for (path, exists) in Self.unique(paths, found) {
                // An empty path is no place, though a folder to be listed may be left out.
                writer.field(path, exists && !path.isEmpty)
            }
        }
    }

    /// Each path with its value, a path that comes again only once.
    private static func unique<Value>(_ paths: [String], _ values: [Value]) -> [(String, Value)] {
        var seen: Set<[UInt8]> = []
        return zip(paths, values).filter { seen.insert(Array($0.0.utf8)).inserted }
    }

    // MARK: - Changing

    private func makeFolder(_ request: Request) async throws -> Response {
        var input = try await IIBInput(body: request)
        let folder = input.string("dest_folder")
        try input.check()
        let policy = try await services.access.policy()
        try await answering { try await files.makeFolder(IIBPath.absolute(folder), policy: policy) }
        return IIBAnswer.null
    }

    private func delete(_ request: Request) async throws -> Response {
        var input = try await IIBInput(body: request)
        let paths = input.strings("file_paths")
        try input.check()
        let policy = try await services.access.policy()
        try await answering(.delete) {
            try await files.delete(paths.map(IIBPath.absolute), policy: policy)
        }
        return IIBAnswer.object { $0.field("ok", true) }
    }

    /// What copying and moving share.
    private struct Transfer {
        var paths: [String]
        var folder: String
        var makesFolder: Bool
        var continues: Bool

        init(_ request: Request) async throws {
            var input = try await IIBInput(body: request)
            paths = input.strings("file_paths").map(IIBPath.absolute)
            folder = input.string("dest")
            makesFolder = input.boolean("create_dest_folder", default: false)
            continues = input.boolean("continue_on_error", default: false)
            try input.check()
        }
    }

    private func copy(_ request: Request) async throws -> Response {
        let transfer = try await Transfer(request)
        let policy = try await services.access.policy()
        let verb = IIBFileVerb.copy(to: transfer.folder)
        let failures = try await answering(verb) {
            try await files.copy(
                transfer.paths,
                to: IIBPath.absolute(transfer.folder),
                makingFolder: transfer.makesFolder,
                continues: transfer.continues,
                policy: policy
            )
        }
        return IIBAnswer.object { $0.field("errors", failures.map { $0.text(verb) }) }
    }

    private func move(_ request: Request) async throws -> Response {
        let transfer = try await Transfer(request)
        let policy = try await services.access.policy()
        let verb = IIBFileVerb.move(to: transfer.folder)
        let failures = try await answering(verb) {
            try await files.move(
                transfer.paths,
                to: IIBPath.absolute(transfer.folder),
                makingFolder: transfer.makesFolder,
                continues: transfer.continues,
                policy: policy
            )
        }
        return IIBAnswer.object { $0.field("errors", failures.map { $0.text(verb) }) }
    }

    private func rename(_ request: Request) async throws -> Response {
        var input = try await IIBInput(body: request)
        let path = input.string("path")
        let name = input.string("name")
        try input.check()
        let policy = try await services.access.policy()
        let new: String
        do {
            new = try await files.rename(IIBPath.absolute(path), to: name, policy: policy)
        } catch FileError.missing {
            throw IIBError(.notFound, "File not found")
        } catch FileError.exists {
            throw IIBError(.badRequest, "A file with the new name already exists")
        } catch FileError.badName {
            throw IIBError(.badRequest, "Invalid file name")
        } catch FileError.system(let error) where [EACCES, EPERM, EROFS].contains(error.code) {
            throw IIBError(.forbidden, "Permission denied")
        } catch let error as FileError {
            throw IIBError(error, in: language)
        }
        return IIBAnswer.object {
            $0.field("detail", "File renamed successfully")
            $0.field("new_path", new)
        }
    }

    private func flatten(_ request: Request) async throws -> Response {
        var input = try await IIBInput(body: request)
        let folder = input.string("folder_path")
        let isDry = input.boolean("dry_run", default: true)
        try input.check()
        let policy = try await services.access.policy()
        let report = try await answering {
            try await files.flatten(IIBPath.absolute(folder), isDry: isDry, policy: policy)
        }
        if !isDry, !report.conflicts.isEmpty {
            throw IIBError(
                .badRequest,
                text: "Cannot flatten: \(report.conflicts.count) filename conflicts found"
            )
        }
        return IIBAnswer.object {
            $0.field("success", report.conflicts.isEmpty && report.failures.isEmpty)
            $0.field("total_files", report.total)
            $0.field("conflicts", report.conflicts)
            $0.field("moved_files", report.moved)
            $0.field("errors", report.failures.map { "\($0.path): \($0.error.pythonText)" })
        }
    }

    // MARK: - Errors

    private func answering<Value>(
        _ verb: IIBFileVerb? = nil,
        _ body: () async throws -> Value
    ) async throws -> Value {
        do {
            return try await body()
        } catch let failure as FileFailure {
            guard let verb else { throw IIBError(failure.error, in: language) }
            throw IIBError(failure, verb, in: language)
        } catch let error as FileError {
            throw IIBError(error, in: language)
        }
    }
}
