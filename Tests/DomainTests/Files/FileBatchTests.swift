import Foundation
import Logging
import Synchronization
import Testing

@testable import Domain

/// Many things named in one call: what is written together is seen as one after the other.
struct FileBatchTests {
    private let bed: FileBed
    private var files: FileOperations { bed.operations() }

    init() throws { bed = try FileBed() }

    @Test("Hundreds of files share their writes to the store, more than one batch holds too")
    func shared() async throws {
        let count = 600
        let paths = try (0..<count).map { try bed.picture("one/p\($0).png") }
        let writes = Mutex(0)
        let faulty = FaultyFileSystem()
        let operations = FileOperations(
            library: bed.test.library,
            own: OwnFolders(data: bed.test.data, trash: nil, excluded: bed.test.library.excluded),
            archives: nil,
            packing: PackingLimits(),
            threads: BlockingThreads(count: 1),
            files: faulty,
            logger: .init(label: "test"),
            willCommit: { writes.withLock { $0 += 1 } },
            noteChanges: { _ in }
        )
        _ = try await operations.move(paths, to: bed.other, policy: bed.policy)
        // Three batches, each with its notes and its rows.
        #expect(writes.withLock { $0 } == 6)
        try bed.check()
        let moved = paths.map { bed.other + "/" + FolderPath.name(of: $0) }
        try await operations.delete(moved, policy: bed.policy)
        // A third write ends the notes when nothing hidden is left.
        #expect(writes.withLock { $0 } == 15)
        try bed.check()
        #expect(try bed.look().rows.isEmpty)
    }

    @Test("What is named twice is done once, and is missing then")
    func twice() async throws {
        let path = try bed.picture("one/a.png")
        let other = try bed.picture("one/b.png")
        await #expect(throws: FileFailure(path: path, error: .missing(path))) {
            try await files.delete([path, path, other], policy: bed.policy)
        }
        try bed.check()
        #expect(try bed.look().rows.count == 1)
        let gone = try await files.move([path, other, other], to: bed.other, continues: true, policy: bed.policy)
        #expect(gone == [path, other].map { FileFailure(path: $0, error: .missing($0)) })
        try bed.check()
    }

    @Test("A folder that becomes empty by a call is deleted by it, one that does not ends it")
    func emptied() async throws {
        let first = try bed.picture("one/f/g/a.png")
        let second = try bed.picture("one/f/b.png")
        let folder = bed.root + "/f"
        await #expect(throws: FileFailure(path: folder, error: .folderNotEmpty(folder))) {
            try await files.delete([first, folder, second], policy: bed.policy)
        }
        try bed.check()
        #expect(try bed.look().disk["one/f/g/a.png"] == nil)
        #expect(try bed.look().disk["one/f/b.png"] != nil)
        try await files.delete([second, folder + "/g", folder], policy: bed.policy)
        try bed.check()
        #expect(try bed.look().disk["one/f"] == nil)
    }

    @Test("Of two files of one name the first gets the place; a place that is given up can be taken")
    func places() async throws {
        let first = try bed.picture("one/f/a.png")
        let second = try bed.picture("one/g/a.png")
        let failures = try await files.move([first, second], to: bed.other, continues: true, policy: bed.policy)
        #expect(failures == [FileFailure(path: second, error: .exists(bed.other + "/a.png"))])
        #expect(try bed.look().disk["two/a.png"] == "picture one/f/a.png")
        try bed.check()
        let copies = try await files.copy([second, second], to: bed.root, continues: true, policy: bed.policy)
        #expect(copies == [FileFailure(path: second, error: .exists(bed.root + "/a.png"))])
        try bed.check()
    }

    @Test("Side-cars between their pictures are taken once, whether the pictures go or stay")
    func sideCars() async throws {
        var named: [String] = []
        for number in 0..<6 {
            named.append(try bed.picture("one/p\(number).png"))
            named.append(try bed.text("one/p\(number).txt"))
        }
        try bed.text("two/p2.png")
        let failures = try await files.move(named, to: bed.other, continues: true, policy: bed.policy)
        #expect(failures == [FileFailure(path: named[4], error: .exists(bed.other + "/p2.png"))])
        let disk = try bed.look().disk
        #expect(disk["one/p2.png"] == "picture one/p2.png")
        // Its picture stayed, so the side-car that was named itself went alone.
        #expect(disk["two/p2.txt"] == "text one/p2.txt")
        #expect(disk.keys.filter { $0.hasPrefix("one/") } == ["one/p2.png"])
        try bed.check()
    }

    @Test("What lies behind a link is not found when the link was deleted before")
    func links() async throws {
        let path = try bed.picture("one/f/a.png")
        try bed.folder.link("one/link", to: "f")
        let behind = bed.root + "/link/a.png"
        await #expect(throws: FileFailure.self) {
            try await files.delete([bed.root + "/link", behind], policy: bed.policy)
        }
        #expect(FileManager.default.fileExists(atPath: path))
        try bed.check()
    }

    @Test("Names that are hidden for a moment are in no listing")
    func hidden() async throws {
        try bed.text("one/a.txt")
        try bed.folder.write([1], "one/" + FolderPath.name(of: HiddenName.beside("/a.png")))
        try bed.folder.write([1], "one/.vitrine-mine")
        let names = try await files.list(bed.root, policy: bed.policy).entries.map(\.name)
        #expect(names.sorted() == [".vitrine-mine", "a.txt"])
    }
}
