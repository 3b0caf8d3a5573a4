import GRDB
import Testing

@testable import Domain

/// The index of 200,000 files, which no test has on its disk: rows as a scan hands them to the store.
struct LargeIndexTests {
    private static let count = 200_000
    private static let folders = 400

    @Test("200,000 files go in with their tags in short transactions, and single changes stay quick")
    func rows() throws {
        let test = try TestLibrary()
        let root = try test.store.addRoot("/pictures", at: 0)
        let directories = (0..<Self.folders).map { number in
            ScanDirectory(root: root, path: "\(number % 20)/\(number)", device: 1)
        }
        var tags = TagCache()
        var longest: Duration = .zero
        let clock = ContinuousClock()
        for start in stride(from: 0, to: Self.count, by: 500) {
            let batch = ScanBatch(found: (start..<start + 500).map { file($0, directories) })
            longest = max(longest, try clock.measure { _ = try test.store.apply(batch, tags: &tags, at: 1) })
        }
        // Some ten milliseconds where nothing else runs.
        #expect(longest < .seconds(10))
        #expect(try test.store.mediaCount() == Self.count)
        let counted = try test.store.pool.read { database in
            try Int.fetchAll(
                database,
                sql: "SELECT count FROM tag WHERE name IN ('Image', 'half', 'tenth') ORDER BY name"
            )
        }
        #expect(counted == [Self.count, Self.count / 2, Self.count / 10])

        let quick = try clock.measure {
            var seen = 0
            let known = try test.store.knownDirectory("7/7", of: root.id, file: { _, _ in seen += 1 }, folder: { _ in })
            #expect(known != nil && seen == Self.count / Self.folders)
            #expect(try test.store.moveCandidates([17, Self.count - 1, Self.count + 5], on: 1).count == 2)
            #expect(try test.store.unhashedFiles(after: Self.count - 10, limit: 100).count == 10)
            let changes = try #require(try test.store.removeNext(under: "7/7", of: root, limit: 300))
            #expect(changes.untold == 300)
        }
        #expect(quick < .seconds(5))
        #expect(try test.store.mediaCount() == Self.count - 300)
        let links = try test.store.pool.read { database in
            try Int.fetchOne(
                database,
                sql: "SELECT count(*) FROM file_tag WHERE tag = (SELECT id FROM tag WHERE name = 'Image')"
            )
        }
        #expect(links == Self.count - 300)
    }

    private func file(_ number: Int, _ directories: [ScanDirectory]) -> FoundFile {
        var description = MediaDescription(kind: .image, width: 512, height: 512)
        description.text = "castle number \(number), fog\nSteps: 20"
        description.tags = [AutoTag("Media Type", "Image"), AutoTag("size", "512 × 512")]
        if number % 2 == 0 { description.tags.append(AutoTag("pos", "half")) }
        if number % 10 == 0 { description.tags.append(AutoTag("pos", "tenth")) }
        for step in 1...4 { description.tags.append(AutoTag("pos", "word \(number &* 31 &* step % 1500)-\(step)")) }
        return FoundFile(
            directory: directories[number % directories.count],
            name: "\(number).png",
            size: 1000 + number % 77,
            modified: 1_600_000_000_000_000_000 + number * 1_000_000_000,
            inode: number,
            description: description
        )
    }
}
