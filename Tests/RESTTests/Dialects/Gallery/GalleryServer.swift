import Foundation
import GRDB
import HTTPTypes
import Hummingbird

@testable import Domain
@testable import REST

/// A server of the model gallery over a real database in a folder of its own, asked without a socket.
struct GalleryServer {
    let folder: TemporaryFolder
    let store: Store
    let library: Library
    let gallery: ModelGallery
    let server: TestServer

    init(
        _ configuration: GalleryConfiguration = GalleryConfiguration(),
        access policy: AccessPolicy = AccessPolicy(),
        limits: HTTPLimits = HTTPLimits(),
        types: [String] = ["checkpoints", "loras"],
        legacy: String? = nil
    ) throws {
        let folder = try TemporaryFolder()
        self.folder = folder
        store = try Store(path: folder.path + "/vitrine.db")
        let data = try DataDirectory(path: folder.path + "/data")
        library = try Library(store: store, journal: Journal(epoch: "e1"), data: data)
        gallery = ModelGallery(
            library: library,
            data: data,
            folders: ModelFolders(kinds: types.map { .init(name: $0, folders: [folder.path + "/models/" + $0]) }),
            legacyFolder: legacy.map { folder.path + "/" + $0 }
        )
        server = TestServer(access: policy, limits: limits, gallery: (configuration, gallery))
    }

    /// A hash of 64 times the same digit.
    static func hash(_ digit: Character) throws -> ContentHash {
        guard let hash = ContentHash(hex: String(repeating: digit, count: 64)) else { throw Missing() }
        return hash
    }

    /// Puts a model into the gallery and answers its hash as text.
    @discardableResult
    func model(
        _ digit: Character,
        name: String? = "m",
        type: String? = "loras",
        path: String = "/models/x.pt",
        meta: JSON = [:],
        tags: [Int] = []
    ) throws -> String {
        let hash = try Self.hash(digit)
        let model = ModelRecord(hash: hash, path: path, name: name, type: type, size: 7, created: 1000, meta: meta)
        try store.pool.write { database in
            let id = try Store.putModel(model, database)
            try Store.addWords(tags, toModel: id, database)
        }
        return hash.hex
    }

    /// Writes a model's file and puts a record of it among those that wait.
    func pending(_ name: String, _ text: String, meta: JSON = [:], tags: [Int] = []) throws -> Int {
        let path = try folder.write(text, to: "models/loras/\(name)")
        let record = PendingModel(
            id: 0,
            path: path,
            name: name,
            type: "loras",
            size: text.utf8.count,
            created: 5,
            meta: meta,
            words: tags.map { ModelWord(id: $0, name: "") }
        )
        guard let id = try store.pool.write({ try Store.addPending(record, keepsID: false, $0) }) else {
            throw Missing()
        }
        return id
    }

    /// Makes tags and answers their ids.
    func tags(_ names: String...) async throws -> [Int] { try await gallery.addWords(names).map(\.id) }

    /// Sends a form of one file and one text.
    func upload(_ picture: [UInt8]?, _ hash: String?, type: String? = nil) async throws -> TestServer.Answer {
        var body: [UInt8] = []
        if let hash {
            body += Array("--xyz\r\nContent-Disposition: form-data; name=\"sha256\"\r\n\r\n\(hash)\r\n".utf8)
        }
        if let picture {
            let head = "--xyz\r\nContent-Disposition: form-data; name=\"image\"; filename=\"a.png\"\r\n"
            body += Array((head + "Content-Type: image/png\r\n\r\n").utf8) + picture + [13, 10]
        }
        body += Array("--xyz--\r\n".utf8)
        let headers: HTTPFields = [.contentType: type ?? "multipart/form-data; boundary=xyz"]
        return try await server.ask(.post, "/api/images/upload", headers: headers, bytes: body)
    }

    func get(_ path: String, headers: HTTPFields = [:]) async throws -> TestServer.Answer {
        try await server.get(path, headers: headers)
    }

    func send(_ method: HTTPRequest.Method, _ path: String, _ body: JSON? = nil) async throws -> TestServer.Answer {
        try await server.ask(method, path, headers: [.contentType: "application/json"], body: body?.text)
    }

    func post(_ path: String, _ body: JSON = [:]) async throws -> TestServer.Answer {
        try await send(.post, path, body)
    }

    struct Missing: Error {}
}

extension TestServer.Answer {
    /// The text of the dialect's errors.
    var error: String? { json["error"]?.string }
}
