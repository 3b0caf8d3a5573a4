import Logging
import Testing

@testable import Domain

/// Operations that give files names, or folders, that scans leave out: the index says what a scan would say.
struct HiddenNameTests {
    let index: IndexUnderTest
    let files: FileOperations

    init() throws {
        index = try IndexUnderTest()
        files = FileOperations(library: index.test.library, logger: Logger(label: "test"))
        for number in 0..<3 { try index.write(TestPicture.described(number + 1, ""), "sub/\(number).png") }
        try index.write(Array("no picture".utf8), "sub/x.png")
        try index.scan()
        for name in ["0", "1", "2", "x"] { try index.tag("sub/\(name).png", "t" + name) }
        _ = index.test.events()
    }

    private var policy: PathPolicy { PathPolicy(readable: nil, library: [index.root]) }

    private func rename(_ name: String, _ new: String) async throws {
        _ = try await files.rename(index.root + "/" + name, to: new, policy: policy)
        #expect(try index.problems() == [])
    }

    @Test("A hidden name takes a file out of the index; its tags are back when it is seen again, under whatever name")
    func hiddenFile() async throws {
        let id = try #require(try index.id("sub/0.png"))
        try await rename("sub/0.png", ".0.png")
        try await rename("sub/x.png", ".x.png")
        #expect(try index.store.mediaCount() == 2)
        let removed = index.test.events().compactMap { if case .libraryRemoved(let items) = $0 { items } else { nil } }
        #expect(removed.joined().map(\.id) == [id])
        try index.scan()
        try await show("sub/.0.png", "seen.png")
        try await show("sub/.x.png", "y.png")
        #expect(try index.tags("sub/seen.png") == ["t0"] && index.tags("sub/y.png") == ["tx"])
        #expect(try index.problems() == [])
    }

    /// Renames what has no row, and looks at it.
    private func show(_ name: String, _ new: String) async throws {
        _ = try await files.rename(index.root + "/" + name, to: new, policy: policy)
        try index.scan()
    }

    @Test(
        "A hidden folder takes out all in it, whether it is renamed or its files are moved there",
        arguments: [true, false]
    )
    func hiddenFolder(_ isRenamed: Bool) async throws {
        if isRenamed {
            try await rename("sub", ".sub")
        } else {
            try index.folder.makeFolder("root/.sub")
            let all = ["0", "1", "2", "x"].map { index.root + "/sub/\($0).png" }
            _ = try await files.move(all, to: index.root + "/.sub", policy: policy)
        }
        #expect(try index.store.mediaCount() == 0)
        #expect(try index.test.library.libraryCounts() == LibraryCounts())
        #expect(try index.problems() == [])
        try await show(".sub", "seen")
        for name in ["0", "1", "2", "x"] { #expect(try index.tags("seen/\(name).png") == ["t" + name]) }
        #expect(try index.problems() == [])
    }

    @Test("Without a picture's suffix a picture stays, found by its bytes; what is listed by its name alone goes")
    func noSuffix() async throws {
        let id = try #require(try index.id("sub/0.png"))
        try await rename("sub/0.png", "0.dat")
        #expect(try index.id("sub/0.dat") == id && index.tags("sub/0.dat") == ["t0"])
        try await rename("sub/x.png", "x.dat")
        #expect(try index.id("sub/x.dat") == nil)
        try index.scan()
        #expect(try index.store.mediaCount() == 3)
        try await show("sub/x.dat", "y.png")
        #expect(try index.tags("sub/y.png") == ["tx"])
        #expect(try index.problems() == [])
    }
}
