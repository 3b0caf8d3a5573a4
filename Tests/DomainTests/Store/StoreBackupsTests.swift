import Foundation
import GRDB
import Testing

@testable import Domain

@Suite struct StoreBackupsTests {
    private let folder: TemporaryFolder
    private let store: Store

    init() throws {
        folder = try TemporaryFolder()
        store = try Store(path: folder.path + "/vitrine.db")
    }

    private var names: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: folder.path + "/backups").sorted() }
    }

    private func backups(_ limit: Int) -> StoreBackups { StoreBackups(folder: folder.path + "/backups", limit: limit) }

    @Test func `a copy holds what was committed, and is made once a day`() throws {
        _ = try store.addRoot(folder.makeFolder("a"), at: 1)
        #expect(try backups(2).make(of: store, day: "2026-01-01"))
        _ = try store.addRoot(folder.makeFolder("b"), at: 1)
        #expect(try !backups(2).make(of: store, day: "2026-01-01"))
        #expect(try names == ["vitrine-2026-01-01.db"])
        let copy = try Store(path: folder.path + "/backups/vitrine-2026-01-01.db")
        #expect(try copy.roots().map(\.path) == [folder.path + "/a"])
    }

    @Test func `only the newest are kept, and other files stay`() throws {
        try folder.write([1], "backups/mine.db")
        for day in ["2026-01-09", "2026-01-10", "2026-02-01", "2026-01-31"] {
            try backups(2).make(of: store, day: day)
        }
        #expect(try names == ["mine.db", "vitrine-2026-01-31.db", "vitrine-2026-02-01.db"])
    }

    @Test func `a copy that was cut off is begun anew`() throws {
        try folder.write([1, 2, 3], "backups/unfinished")
        #expect(try backups(1).make(of: store, day: "2026-01-01"))
        #expect(try names == ["vitrine-2026-01-01.db"])
        #expect(try Store(path: folder.path + "/backups/vitrine-2026-01-01.db").roots().isEmpty)
    }

    @Test func `none is made, and none dropped, when none is wanted`() throws {
        try folder.write([1], "backups/vitrine-2026-01-01.db")
        #expect(try !backups(0).make(of: store, day: "2026-01-02"))
        #expect(try names == ["vitrine-2026-01-01.db"])
    }
}
