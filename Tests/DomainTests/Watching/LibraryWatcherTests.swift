import Foundation
import Testing

@testable import Domain

/// The watcher on real folders, by the kernel's events.
struct LibraryWatcherTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func paths(_ names: String...) -> DirtyFolders {
        .folders(Set(names.map { ByteText(folder.path + "/" + $0) }))
    }

    /// A watcher of `r`, from which what it found at first is taken.
    private func watch(excluded: Set<String> = []) throws -> WatcherUnderTest {
        let test = try WatcherUnderTest([folder.path + "/r"], excluded: excluded)
        #expect(test.watcher.takeDirty() == .unknown)
        #expect(test.watcher.takeDirty() == .nothing)
        return test
    }

    @Test("Every way to change a file makes its folder dirty before the call that made it has returned")
    func files() throws {
        let file = try folder.write([1, 2, 3], "r/a/1")
        try folder.makeFolder("r/b")
        let watcher = try watch().watcher
        let a = paths("r/a")
        try folder.write([1], "r/a/2")
        #expect(watcher.takeDirty() == a)
        let descriptor = open(file, O_WRONLY)
        #expect(watcher.takeDirty() == .nothing)
        #expect(pwrite(descriptor, "x", 1, 0) == 1)
        // Still open.
        #expect(watcher.dirty == a)
        #expect(watcher.takeDirty() == a)
        close(descriptor)
        #expect(watcher.takeDirty() == a)
        let truncated = truncate(file, 2)
        #expect(truncated == 0 && watcher.takeDirty() == a)
        try FileManager.default.setAttributes([.modificationDate: Date(timeIntervalSince1970: 9)], ofItemAtPath: file)
        #expect(watcher.takeDirty() == a)
        #expect(chmod(file, 0o600) == 0 && watcher.takeDirty() == a)
        try folder.move("r/a/1", "r/b/1")
        #expect(watcher.takeDirty() == paths("r/a", "r/b"))
        #expect(link(folder.path + "/r/b/1", folder.path + "/r/b/2") == 0 && watcher.takeDirty() == paths("r/b"))
        try folder.link("r/b/3", to: "1")
        #expect(watcher.takeDirty() == paths("r/b"))
        try folder.remove("r/b/1")
        #expect(watcher.takeDirty() == paths("r/b"))
        #expect(watcher.takeDirty() == .nothing)
    }

    @Test("A file written through memory makes its folder dirty when the mapping ends")
    func mapped() throws {
        let file = try folder.write([UInt8](repeating: 0, count: 4096), "r/1")
        let watcher = try watch().watcher
        let descriptor = open(file, O_RDWR)
        let memory = try #require(mmap(nil, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0))
        close(descriptor)
        memory.storeBytes(of: 7, as: UInt8.self)
        munmap(memory, 4096)
        #expect(watcher.takeDirty() == paths("r"))
    }

    @Test("Reading a library changes nothing")
    func reading() throws {
        let file = try folder.write([1], "r/a/1")
        let watcher = try watch().watcher
        _ = try Data(contentsOf: URL(fileURLWithPath: file))
        _ = FolderEntries(path: folder.path + "/r/a", digests: true, isExcluded: { _ in false })
        #expect(watcher.takeDirty() == .nothing)
    }

    @Test("Folders made one in the other with a file at once are all dirty and all watched")
    func nested() throws {
        try folder.makeFolder("r")
        let watcher = try watch().watcher
        for round in 0..<50 {
            try folder.write([1], "r/\(round)/b/c/1")
            #expect(watcher.takeDirty() == paths("r", "r/\(round)", "r/\(round)/b", "r/\(round)/b/c"))
            try folder.write([1, 2], "r/\(round)/b/c/1")
            #expect(watcher.takeDirty() == paths("r/\(round)/b/c"))
        }
        #expect(watcher.statistics.watched == 151)
    }

    @Test("A folder that moves is watched where it goes, and no longer when it leaves")
    func moves() throws {
        try folder.write([1], "r/a/b/1")
        try folder.makeFolder("r/c")
        try folder.makeFolder("outside")
        let watcher = try watch().watcher
        try folder.move("r/a", "r/c/a")
        #expect(watcher.takeDirty() == paths("r", "r/c", "r/c/a", "r/c/a/b"))
        try folder.write([1, 2], "r/c/a/b/1")
        #expect(watcher.takeDirty() == paths("r/c/a/b"))
        try folder.move("r/c/a", "outside/a")
        #expect(watcher.takeDirty() == paths("r/c"))
        try folder.write([1], "outside/a/b/1")
        #expect(watcher.takeDirty() == .nothing)
        #expect(watcher.statistics.watched == 2)
        try folder.move("outside/a", "r/d")
        #expect(watcher.takeDirty() == paths("r", "r/d", "r/d/b"))
        try folder.write([1, 2], "r/d/b/1")
        #expect(watcher.takeDirty() == paths("r/d/b"))
        try folder.remove("r/d")
        guard case .folders(let gone) = watcher.takeDirty() else {
            Issue.record("nothing was told")
            return
        }
        #expect(gone.contains(ByteText(folder.path + "/r")))
        #expect(watcher.statistics.watched == 2)
    }

    @Test("Hidden and excluded folders and files, and what links lead to, say nothing")
    func leftOut() throws {
        try folder.write([1], "outside/1")
        for name in ["r/.git/1", "r/thumbs/1", "r/data/vitrine.db"] { try folder.write([1], name) }
        try folder.link("r/link", to: folder.path + "/outside")
        let excluded = ["/r/thumbs", "/r/data/vitrine.db"].map { folder.path + $0 }
        let watcher = try watch(excluded: Set(excluded)).watcher
        for name in ["outside/1", "r/.git/1", "r/thumbs/2", "r/.hidden"] { try folder.write([2], name) }
        let database = open(folder.path + "/r/data/vitrine.db", O_WRONLY)
        #expect(write(database, "x", 1) == 1)
        close(database)
        #expect(watcher.takeDirty() == .nothing)
        #expect(watcher.statistics.watched == 2)
    }

    @Test("More events than the kernel keeps make everything unknown, and the watching goes on")
    func overflow() throws {
        for name in ["r/a/1", "r/a/2"] { try folder.write([1], name) }
        let test = try watch()
        let limit = try String(contentsOfFile: "/proc/sys/fs/inotify/max_queued_events", encoding: .utf8)
        let count = try #require(Int(limit.trimmingCharacters(in: .whitespacesAndNewlines)))
        let files = try ["r/a/1", "r/a/2"].map { try #require(fopen(folder.path + "/" + $0, "w")) }
        // While the watcher's lock is held nobody takes events.
        test.watcher.whileNothingIsRead {
            for number in 0...count {
                fputc(1, files[number % 2])
                fflush(files[number % 2])
            }
            _ = try? folder.write([1], "r/new/1")
        }
        for file in files { fclose(file) }
        #expect(test.watcher.takeDirty() == .unknown)
        try test.wait { test.watcher.statistics.isComplete }
        // Who asks before all was found anew has not taken it.
        let left = test.watcher.takeDirty()
        #expect(left == .unknown || left == .nothing)
        #expect(test.watcher.takeDirty() == .nothing)
        try folder.write([2], "r/new/1")
        #expect(test.watcher.takeDirty() == paths("r/new"))
    }

    @Test("Changes are told when they have come to rest, once")
    func settling() throws {
        try folder.makeFolder("r")
        let test = try watch()
        try folder.write([1], "r/1")
        #expect(test.watcher.dirty == paths("r"))
        #expect(test.settledCount == 0)
        test.advance(DirtyLog.quiet)
        try test.wait { test.settledCount == 1 }
        #expect(test.watcher.takeDirty() == paths("r"))
        try folder.write([1], "r/2")
        #expect(test.watcher.dirty == paths("r"))
        test.advance(DirtyLog.quiet)
        try test.wait { test.settledCount == 2 }
    }

    @Test("The thread hears of changes by itself")
    func byItself() throws {
        try folder.makeFolder("r")
        let test = try watch()
        try folder.makeFolder("r/a")
        // Nobody asks: only the thread can have found the folder.
        try test.wait { test.watcher.statistics.watched == 2 }
    }

    @Test("A root that is added is watched at once, and one that is taken away no longer")
    func roots() throws {
        try folder.makeFolder("r")
        try folder.makeFolder("s/a")
        let test = try watch()
        test.setRoots(["r", "s"].map { folder.path + "/" + $0 })
        #expect(test.watcher.takeDirty() == paths("s", "s/a"))
        try folder.write([1], "s/a/1")
        #expect(test.watcher.takeDirty() == paths("s/a"))
        try folder.write([1], "s/a/2")
        test.setRoots([folder.path + "/r"])
        #expect(test.watcher.takeDirty() == .nothing)
        #expect(test.watcher.statistics == LibraryWatcher.Statistics(watched: 1, polled: 0, isComplete: true))
    }

    @Test("A root that moves away is missed, also when a folder above it moves, and found when it is back")
    func rootMoves() throws {
        try folder.write([1], "up/r/a/1")
        let test = try WatcherUnderTest([folder.path + "/up/r"])
        _ = test.watcher.takeDirty()
        try folder.move("up", "down")
        #expect(test.watcher.takeDirty() == paths("up/r"))
        #expect(test.watcher.statistics.polled == 1)
        try folder.write([1, 2], "down/r/a/1")
        #expect(test.watcher.takeDirty() == .nothing)
        try folder.move("down", "up")
        #expect(test.watcher.takeDirty() == paths("up/r", "up/r/a"))
        #expect(test.watcher.statistics == LibraryWatcher.Statistics(watched: 2, polled: 0, isComplete: true))
        try folder.move("up/r", "up/s")
        #expect(test.watcher.takeDirty() == paths("up/r"))
        try folder.makeFolder("up/r")
        #expect(test.watcher.takeDirty() == paths("up/r"))
        try folder.write([1], "up/r/1")
        #expect(test.watcher.takeDirty() == paths("up/r"))
    }

    @Test("Without events folders are polled, by whoever asks and by the clock")
    func polling() throws {
        try folder.write([1], "r/a/1")
        for test in [
            try WatcherUnderTest([folder.path + "/r"], queue: { nil }),
            try WatcherUnderTest([folder.path + "/r"], tellsChanges: { _ in false }),
        ] {
            #expect(test.watcher.takeDirty() == .unknown)
            #expect(test.watcher.takeDirty() == .nothing)
            #expect(test.watcher.statistics == LibraryWatcher.Statistics(watched: 0, polled: 1, isComplete: true))
            try folder.write([1, 2], "r/a/1")
            #expect(test.watcher.takeDirty() == paths("r/a"))
            try folder.write([1, 2, 3], "r/a/1")
            #expect(test.watcher.dirty == .nothing)
            test.advance(60_000)
            try test.wait { test.watcher.dirty == paths("r/a") }
            try folder.write([1], "r/a/1")
            _ = test.watcher.takeDirty()
        }
    }

    @Test("Only the part on another file system is polled")
    func partlyPolled() throws {
        try folder.write([1], "r/near/1")
        try folder.write([1], "r/far/a/1")
        let far = folder.path + "/r/far"
        let test = try WatcherUnderTest([folder.path + "/r"], tellsChanges: { !$0.hasPrefix(far) })
        _ = test.watcher.takeDirty()
        #expect(test.watcher.statistics == LibraryWatcher.Statistics(watched: 2, polled: 1, isComplete: true))
        try folder.write([1, 2], "r/far/a/1")
        try folder.write([1, 2], "r/near/1")
        #expect(test.watcher.takeDirty() == paths("r/far/a", "r/near"))
        try folder.remove("r/far")
        #expect(test.watcher.takeDirty() == paths("r"))
        #expect(test.watcher.statistics.polled == 0)
    }

    @Test("File systems of this machine tell of changes, and those of others are known by their numbers")
    func fileSystems() {
        #expect(FileSystemKind.tellsChanges(folder.path))
        #expect(FileSystemKind.tellsChanges("/nowhere"))
        #expect(FileSystemKind.remote.isSuperset(of: [0x6969, 0xFF53_4D42, 0xFE53_4D42, 0x6573_5546]))
    }
}
