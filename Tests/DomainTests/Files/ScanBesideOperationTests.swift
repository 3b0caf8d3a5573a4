import Testing

@testable import Domain

/// A scan that runs while an operation on files is half done: the rows are the operation's.
struct ScanBesideOperationTests {
    private let index: IndexUnderTest

    init() throws { index = try IndexUnderTest() }

    private func begin(_ change: FileRowChange) throws -> Int {
        try index.store.beginOperation(FilePlan(rows: [change]), phase: .changing, at: 0, durably: false)
    }

    private func taggedPicture(_ name: String) throws -> (path: String, id: Int) {
        let path = try index.write(TestPicture.described(8, ""), name)
        try index.scan()
        try index.tag(name, "mine")
        return (path, try #require(try index.id(name)))
    }

    @Test("A file that an operation has moved keeps its row, its id and its tags")
    func file() throws {
        let (path, id) = try taggedPicture("a.png")
        let target = index.root + "/b.png"
        let operation = try begin(.moved(from: path, to: target, newNumbers: false))
        try index.folder.move("root/a.png", "root/b.png")
        try index.scan()
        // The row stays where the operation will look for it.
        #expect(try index.id("a.png") == id)
        _ = try index.store.commitOperation(
            operation,
            FilePlan(rows: [.moved(from: path, to: target, newNumbers: false)])
        )
        #expect(try index.id("b.png") == id)
        #expect(try index.tags("b.png") == ["mine"])
        try index.scan()
        #expect(try index.id("b.png") == id && index.id("a.png") == nil)
        #expect(try index.problems() == [])
    }

    @Test("A folder that an operation has moved keeps its rows")
    func folder() throws {
        let (_, id) = try taggedPicture("x/y/a.png")
        let change = FileRowChange.moved(from: index.root + "/x", to: index.root + "/z", newNumbers: false)
        let operation = try begin(change)
        try index.folder.move("root/x", "root/z")
        #expect(try index.store.isGone(folder: index.root + "/x") == false)
        #expect(try index.store.isGone(folder: index.root + "/x/y") == false)
        try index.store.endOperation(operation)
        #expect(try index.store.isGone(folder: index.root + "/x/y"))
        #expect(try index.id("x/y/a.png") == id)
    }
}
