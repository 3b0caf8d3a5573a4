import Domain
import HTTPTypes
import Hummingbird

/// The folders that people add to the library (contracts/iib.md §9).
struct IIBExtraPathRoutes {
    /// The ways in which a folder can be seen.
    private static let types: Set<String> = ["scanned", "scanned-fixed", "walk"]

    let configuration: IIBConfiguration
    let services: IIBServices

    private var index: MediaIndex { services.index }

    var routes: [IIBRoute] {
        [
            IIBRoute(.get, "/db/extra_paths") { _, _ in
                let paths = try await index.extraPaths()
                return IIBAnswer.json { $0.array { for path in paths { $0.value(path) } } }
            },
            IIBRoute(.post, "/db/extra_paths", .write) { request, _ in try await add(request) },
            IIBRoute(.delete, "/db/extra_paths", .write) { request, _ in try await remove(request) },
            IIBRoute(.post, "/db/alias_extra_path", .write) { request, _ in try await name(request) },
        ]
    }

    private func add(_ request: Request) async throws -> Response {
        let (name, types) = try await nameAndTypes(request)
        let path = try await path(name)
        if !types.isEmpty {
            try await index.addExtraPath(path, types: types)
            try await services.access.refresh()
        }
        return IIBAnswer.null
    }

    private func remove(_ request: Request) async throws -> Response {
        let (name, types) = try await nameAndTypes(request)
        guard !types.isEmpty, let path = FolderPath.normalized(IIBPath.absolute(name)),
            try await index.extraPaths().contains(where: { ByteText($0.path) == ByteText(path) })
        else { return IIBAnswer.null }
        // What is gone from the disk is nothing that may be read or not, and its entry must be able to go.
        if PathEntry(path) != nil { _ = try await services.readable(path) }
        try await index.removeExtraPath(path, types: types)
        try await services.access.refresh()
        return IIBAnswer.null
    }

    private func name(_ request: Request) async throws -> Response {
        var input = try await IIBInput(body: request)
        let path = input.string("path")
        let alias = input.string("alias")
        try input.check()
        let entry = try await index.setAlias(alias, ofExtraPath: try await self.path(path))
        return IIBAnswer.json { $0.value(entry) }
    }

    /// The path as it is kept, when it may be named: what is judged must be what is kept, so links come after dots.
    private func path(_ name: String) async throws -> String {
        guard !name.isEmpty, let path = FolderPath.normalized(IIBPath.absolute(name)) else {
            throw IIBError(.badRequest, "The path is empty, or none")
        }
        return try await services.readable(path)
    }

    private func nameAndTypes(_ request: Request) async throws -> (String, [String]) {
        var input = try await IIBInput(body: request)
        let name = input.string("path")
        let types = input.strings("types")
        try input.check()
        if let unknown = types.first(where: { !Self.types.contains($0) }) {
            throw IIBError(.badRequest, text: "Unknown type \(unknown): scanned, scanned-fixed or walk is expected")
        }
        return (name, types)
    }
}

extension JSONWriter {
    /// Writes `{path, types, alias}`.
    mutating func value(_ path: ExtraPath) {
        object {
            $0.field("path", path.path)
            $0.field("types", path.types)
            $0.field("alias", path.alias)
        }
    }
}
