import Foundation
import GRDB
import Testing

@testable import Domain

struct ExpiredFolderTests {
    let test: TestLibrary
    let folder: TemporaryFolder

    init() throws {
        test = try TestLibrary()
        folder = try TemporaryFolder()
    }

    @Test("Who knows what changed is believed")
    func told() throws {
        try test.library.addRoot(folder.path)
        #expect(try test.library.expiredFolders(.nothing) == [])
        #expect(try test.library.expiredFolders(.folders(["/b", "/a"])) == ["/a", "/b"])
    }

    @Test("Otherwise folders count that have another time than when they were read, or none, or are gone")
    func times() throws {
        for name in ["a", "b", "c/d"] { try folder.makeFolder(name) }
        let root = try test.library.addRoot(folder.path)
        #expect(try test.library.expiredFolders(.unknown) == [folder.path])
        let time = Date(timeIntervalSince1970: 1_000_000)
        try test.store.pool.write { database in
            for path in ["", "a", "b", "c", "c/d", "gone"] {
                let id = try Store.directory(path, of: root.id, device: 1, database)
                guard path != "c" else { continue }
                try database.execute(
                    sql: "UPDATE directory SET mtime_ns = 1000000000000000 WHERE id = ?",
                    arguments: [id]
                )
            }
        }
        for name in ["", "a", "c", "c/d"] {
            try FileManager.default.setAttributes(
                [.modificationDate: time],
                ofItemAtPath: folder.path + "/" + name
            )
        }
        let expected = ["b", "c", "gone"].map { folder.path + "/" + $0 }
        #expect(try test.library.expiredFolders(.unknown) == expected)
    }
}
