import GRDB
import Testing

@testable import Domain

struct SystemWordsTests {
    private func words(_ store: Store) throws -> [String: ModelWord] {
        Dictionary(uniqueKeysWithValues: try store.words().map { ($0.name, $0) })
    }

    @Test("A new library has them all, each once, and none is anyone's own")
    func fresh() throws {
        let folder = try TemporaryFolder()
        let words = try words(Store(path: folder.path + "/vitrine.db"))
        #expect(words.count == 24 && words.keys.sorted() == SystemWords.names.sorted())
        #expect(words.values.allSatisfy { $0.isSystem && $0.count == 0 })
    }

    @Test("In a library from before them, a word that people made keeps its number, and later starts change nothing")
    func later() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/vitrine.db"
        let old = try Store(path: path)
        try old.pool.write { database in
            try database.execute(sql: "DELETE FROM word")
            try database.execute(sql: "DELETE FROM grdb_migrations WHERE identifier = '5 system words'")
        }
        let own = try old.addWords(["Loras", "loras", "mine"]).words
        try old.close()
        let store = try Store(path: path)
        let found = try words(store)
        #expect(found.count == 26)
        #expect(found["loras"]?.id == own[1].id && found["loras"]?.isSystem == true)
        for word in [own[0], own[2]] { #expect(found[word.name] == word) }
        try store.close()
        #expect(try words(Store(path: path)) == found)
    }
}
