import Foundation
import Testing

@testable import Domain

struct FolderPollerTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func place(_ name: String = "r", id: WatchTree.ID = -2) -> FolderPoller.Place {
        FolderPoller.Place(id: id, path: folder.path + "/" + name)
    }

    private func paths(_ names: [String]) -> [String] { names.map { folder.path + "/" + $0 } }

    @Test("The first look finds every folder, and the next only those in which something changed")
    func looking() throws {
        try folder.write([1], "r/a/1")
        try folder.write([1], "r/b/c/1")
        var poller = FolderPoller(excluded: [])
        let found1 = poller.poll([place()])
        #expect(found1.sorted() == paths(["r", "r/a", "r/b", "r/b/c"]))
        let found2 = poller.poll([place()])
        #expect(found2.isEmpty)
        try folder.write([1, 2], "r/a/1")
        let found3 = poller.poll([place()])
        #expect(found3 == paths(["r/a"]))
        try folder.write([1], "r/b/c/2")
        try folder.remove("r/a/1")
        let found4 = poller.poll([place()])
        #expect(found4.sorted() == paths(["r/a", "r/b/c"]))
        try folder.move("r/b/c", "r/d")
        let found5 = poller.poll([place()])
        #expect(found5.sorted() == paths(["r", "r/b", "r/d"]))
        let found6 = poller.poll([place()])
        #expect(found6.isEmpty)
    }

    @Test("A file of the same size that has another time or number is seen")
    func sameSize() throws {
        let path = try folder.write([1], "r/1")
        let time = Date(timeIntervalSince1970: 1_000_000)
        try FileManager.default.setAttributes([.modificationDate: time], ofItemAtPath: path)
        var poller = FolderPoller(excluded: [])
        _ = poller.poll([place()])
        try FileManager.default.setAttributes([.modificationDate: time + 1], ofItemAtPath: path)
        let found7 = poller.poll([place()])
        #expect(found7 == paths(["r"]))
        let other = try folder.write([2], "r/.2")
        try FileManager.default.setAttributes([.modificationDate: time + 1], ofItemAtPath: other)
        #expect(rename(other, path) == 0)
        let found8 = poller.poll([place()])
        #expect(found8 == paths(["r"]))
    }

    @Test("Hidden names, excluded folders and what links lead to are not looked at")
    func leftOut() throws {
        try folder.write([1], "outside/1")
        try folder.write([1], "r/.hidden/1")
        try folder.write([1], "r/thumbs/1")
        try folder.link("r/link", to: folder.path + "/outside")
        var poller = FolderPoller(excluded: [folder.path + "/r/thumbs"])
        let found9 = poller.poll([place()])
        #expect(found9 == paths(["r"]))
        for name in ["outside/2", "r/.hidden/2", "r/.new", "r/thumbs/2"] { try folder.write([1], name) }
        let found10 = poller.poll([place()])
        #expect(found10.isEmpty)
        try folder.remove("r/link")
        let found11 = poller.poll([place()])
        #expect(found11 == paths(["r"]))
    }

    @Test("A place that goes or comes is told, and one that is no longer asked for is forgotten")
    func places() throws {
        var poller = FolderPoller(excluded: [])
        let found12 = poller.poll([place()])
        #expect(found12.isEmpty)
        try folder.write([1], "r/1")
        let found13 = poller.poll([place()])
        #expect(found13 == paths(["r"]))
        try folder.remove("r")
        let found14 = poller.poll([place()])
        #expect(found14 == paths(["r"]))
        let found15 = poller.poll([place()])
        #expect(found15.isEmpty)
        try folder.write([1], "s/1")
        let found16 = poller.poll([place("s", id: -3)])
        #expect(found16 == paths(["s"]))
        let found17 = poller.poll([])
        #expect(found17.isEmpty)
        let found18 = poller.poll([place("s", id: -3)])
        #expect(found18 == paths(["s"]))
    }
}
