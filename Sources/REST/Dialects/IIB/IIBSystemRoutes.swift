import Domain
import HTTPTypes
import Hummingbird

/// The server itself, its settings, and its machine (contracts/iib.md §10).
struct IIBSystemRoutes {
    let configuration: IIBConfiguration
    let services: IIBServices
    /// The server's version, such as `0.1.0`.
    let version: String

    var routes: [IIBRoute] {
        [
            IIBRoute(.get, "/hello", .open) { _, _ in IIBAnswer.json { $0.value("hello") } },
            IIBRoute(.get, "/version") { _, _ in IIBAnswer.object { $0.versions(version) } },
            IIBRoute(.post, "/open_folder", .write) { request, _ in try await open(request, folder: true) },
            IIBRoute(.post, "/open_with_default_app", .write) { request, _ in try await open(request, folder: false) },
            IIBRoute(.post, "/shutdown", .open) { _, _ in
                guard configuration.enablesShutdown else { throw IIBError(.forbidden, "Shutdown is disabled.") }
                services.shutDown()
                return IIBAnswer.null
            },
            // Where clients run inside sd-webui, they send pictures to it and wait for it to be done; it is not here.
            IIBRoute(.post, "/send_img_path") { request, _ in
                var input = IIBInput(query: request)
                let name = input.string("path")
                try input.check()
                _ = try await services.readable(name)
                return IIBAnswer.null
            },
            IIBRoute(.get, "/gen_info_completed") { _, _ in IIBAnswer.json { $0.value(false) } },
        ]
    }

    /// Opens a path on the server's own desktop; of a file, its folder when `folder` is asked for.
    private func open(_ request: Request, folder: Bool) async throws -> Response {
        var input = try await IIBInput(body: request)
        let name = input.string("path")
        try input.check()
        let path = try await services.readable(name)
        guard let real = PathPolicy.resolved(path), let entry = PathEntry(real) else { throw IIBError.notFound }
        do throws(Desktop.Failure) {
            try services.desktop.open(folder && entry == .file ? IIBPath.folder(real) : real)
        } catch {
            switch error {
            case .noProgram:
                throw IIBError(.notImplemented, "The server's machine has no desktop to open it on (no xdg-open)")
            case .system: throw IIBError(.internalServerError, "The program that opens it could not be started")
            }
        }
        return IIBAnswer.null
    }
}

extension JSONWriter {
    /// Writes what the dialect tells of versions: ours, and nothing of programs that are not here.
    fileprivate mutating func versions(_ version: String) {
        name("python_version")
        null()
        field("platform", Desktop.platform)
        name("hash")
        null()
        field("tag", "vitrine \(version)")
        let others = [
            "av", "imageio", "pillow", "imageio_ffmpeg", "pillow_avif_plugin", "requests", "numpy", "hnswlib",
        ]
        for other in others {
            name(other)
            null()
        }
    }
}
