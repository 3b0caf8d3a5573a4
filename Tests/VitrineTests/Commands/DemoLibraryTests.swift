import Domain
import Foundation
import Testing

@testable import vitrine

@Suite struct DemoLibraryTests {
    @Test("files are copied with their folders, hidden ones and links are not, and a second time nothing is written")
    func copy() throws {
        try withTemporaryFolder { folder in
            let source = folder + "/source"
            try write("one", to: source + "/a.png")
            try write("two", to: source + "/sub/b.png")
            try write("no", to: source + "/.hidden/c.png")
            try FileManager.default.createSymbolicLink(atPath: source + "/link.png", withDestinationPath: "a.png")
            let demo = DemoLibrary(folder: folder + "/data/demo")
            var reported: [Int] = []
            let first = try demo.copy(from: source) { reported.append($0.current) }
            #expect(first == TaskRecord.Progress(current: 2, total: 2, message: "2 copied, 0 there already"))
            #expect(reported == [0, 1])
            let names = try FileManager.default.subpathsOfDirectory(atPath: demo.folder).sorted()
            #expect(names == ["a.png", "sub", "sub/b.png"])
            #expect(FileManager.default.contents(atPath: demo.folder + "/sub/b.png") == Data("two".utf8))
            try write("changed", to: demo.folder + "/a.png")
            #expect(try demo.copy(from: source).message == "1 copied, 1 there already")
            #expect(FileManager.default.contents(atPath: demo.folder + "/a.png") == Data("one".utf8))
        }
    }

    @Test("a source that is not there is an error")
    func missing() throws {
        try withTemporaryFolder { folder in
            #expect(throws: (any Error).self) {
                _ = try DemoLibrary(folder: folder + "/d").copy(from: folder + "/none")
            }
        }
    }
}
