import Foundation
import GRDB
import Logging
import Testing

@testable import Domain

/// A gallery over a real database in a temporary folder, whose media folder is a part of the library.
final class SamplesUnderTest: Sendable {
    let test: TestLibrary
    let gallery: ModelGallery
    let hash: ContentHash

    init() throws {
        test = try TestLibrary()
        try test.library.addRoot(test.data[.media])
        gallery = ModelGallery(library: test.library, data: test.data, folders: ModelFolders(kinds: []))
        hash = try #require(ContentHash(of: Array("a model".utf8)))
    }

    var samples: ModelSamples { gallery.samples }
    var store: Store { test.store }

    /// Adds a small picture; answers the path of its file.
    @discardableResult
    func add(_ blue: UInt8 = 1) throws -> String {
        let number = try samples.add(TestPicture.png(4, 4, blue: blue), to: hash)
        return try #require(try samples.find(hash, number, .high)).path
    }

    /// The paths of the samples of high quality, in order.
    func paths() throws -> [String] {
        var paths: [String] = []
        while let sample = try samples.find(hash, paths.count, .high) { paths.append(sample.path) }
        return paths
    }

    /// All files of samples, and what lies beside them.
    func files() -> Set<String> {
        let folders = [test.data.modelSamples, test.data.smallModelSamples]
        return Set(folders.flatMap { (try? FileManager.default.contentsOfDirectory(atPath: $0)) ?? [] })
    }

    /// The names of the files that belong to samples of these paths.
    func expectedFiles(_ paths: [String]) -> Set<String> {
        Set(
            paths.flatMap { path in
                let name = URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent
                return [name + ".webp", name + "_medium.webp", name + "_low.webp"]
            }
        )
    }

    /// How many rows there are, with a number or without.
    func rows() throws -> Int {
        try store.pool.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM model_sample") ?? 0 }
    }

    /// Removes a file as a client of another dialect does.
    func deleteFromLibrary(_ path: String) async throws {
        let files = FileOperations(library: test.library, data: test.data, logger: Logger(label: "test"))
        try await files.delete([path], policy: PathPolicy(readable: nil, library: [test.data[.media]]))
    }

    /// What a new process does first.
    func restart() throws { try gallery.recoverPictures() }
}
