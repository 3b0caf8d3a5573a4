import Domain
import Foundation
import HTTPTypes
import Hummingbird
import Logging

@testable import REST

/// A server of the dialect over a real library in a folder of its own, asked without a socket.
struct IIBServer {
    let folder: TemporaryFolder
    /// The only root of the library: `library` in the folder, links resolved.
    let root: String
    let library: Library
    let index: MediaIndex
    let files: FileOperations
    /// Where archives are kept.
    let exports: String
    let access: PathAccess
    let server: TestServer
    let base: String

    init(
        _ configuration: IIBConfiguration = IIBConfiguration(),
        access policy: AccessPolicy = AccessPolicy(),
        clock: WallClock = .system,
        desktop: Desktop = Desktop(searchPath: ""),
        packing: PackingLimits = PackingLimits(),
        ffmpeg: String? = nil,
        shutDown: @escaping @Sendable () -> Void = {}
    ) throws {
        folder = try TemporaryFolder()
        try folder.write("", to: "library/.keep")
        let store = try Store(path: folder.path + "/vitrine.db")
        library = Library(store: store, journal: Journal(epoch: "e1"))
        root = try library.addRoot(folder.path + "/library").path
        index = MediaIndex(library: library, threads: BlockingThreads(count: 2))
        access = PathAccess(library: library, threads: index.threads, rule: configuration.rule, clock: clock)
        let data = try DataDirectory(path: folder.path + "/data")
        files = FileOperations(
            library: library,
            data: data,
            packing: packing,
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        )
        exports = data[.exports]
        let thumbnails = ThumbnailCache(
            folder: CacheFolder(path: folder.path + "/iib_cache", limit: 1 << 30),
            renderer: PictureRenderer(ffmpeg: ffmpeg.map { FFmpeg(program: $0) })
        )
        let services = IIBServices(
            index: index,
            files: files,
            access: access,
            thumbnails: thumbnails,
            desktop: desktop,
            shutDown: shutDown
        )
        server = TestServer(access: policy, iib: (configuration, services))
        base = configuration.base
    }

    /// Puts a picture into the library's folder and answers its path; `date` is when it was last changed, in seconds.
    @discardableResult
    func picture(_ name: String, width: Int = 4, height: Int = 6, date: Int = 1_700_000_000) throws -> String {
        let path = "\(root)/\(name)"
        try folder.write("", to: "library/\(name)")
        try Data(TestPNG.bytes(width: width, height: height)).write(to: URL(fileURLWithPath: path))
        let when = Date(timeIntervalSince1970: Double(date))
        try FileManager.default.setAttributes([.modificationDate: when], ofItemAtPath: path)
        return path
    }

    /// Asks for a path below the base.
    func get(_ path: String, headers: HTTPFields = [:]) async throws -> TestServer.Answer {
        try await server.get(base + path, headers: headers)
    }

    /// Asks for a path below the base, with these members in its query.
    func get(_ path: String, _ query: KeyValuePairs<String, String>) async throws -> TestServer.Answer {
        let pairs = query.map { "\($0.key)=\(PercentEncoding.encode($0.value))" }
        return try await server.get("\(base)\(path)?\(pairs.joined(separator: "&"))")
    }

    /// Sends a JSON body to a path below the base.
    func post(_ path: String, _ body: JSON = [:]) async throws -> TestServer.Answer {
        try await server.post(base + path, body.text)
    }

    /// Sends a JSON body to a path below the base, with another method.
    func send(_ method: HTTPRequest.Method, _ path: String, _ body: JSON) async throws -> TestServer.Answer {
        try await server.ask(method, base + path, headers: [.contentType: "application/json"], body: body.text)
    }
}

extension TestServer.Answer {
    /// `detail` of an error answer.
    var detail: JSON? { json["detail"] }
}
