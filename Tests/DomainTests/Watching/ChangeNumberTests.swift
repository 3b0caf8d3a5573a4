import Dispatch
import Foundation
import Synchronization
import Testing

@testable import Domain

/// The number by which searches know that nothing happened.
struct ChangeNumberTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// The number once the watcher has done what there was to do.
    private func settled(_ test: WatcherUnderTest) throws -> Int {
        var number: Int?
        try test.wait {
            number = test.watcher.changeNumber
            return number != nil
        }
        return try #require(number)
    }

    @Test("It stays as long as nothing happens, and is another one as soon as something has")
    func changes() throws {
        try folder.write([1], "r/a/1")
        try folder.write([1], "r/a/2")
        let test = try WatcherUnderTest([folder.path + "/r"])
        var last = try settled(test)
        /// Whether the number is no longer the one that it was, and stays when nothing more happens.
        func isAnother() throws -> Bool {
            let isAnother = test.watcher.changeNumber != last
            last = try settled(test)
            #expect(try settled(test) == last)
            return isAnother
        }
        _ = try Data(contentsOf: URL(fileURLWithPath: folder.path + "/r/a/1"))
        #expect(try settled(test) == last)
        try folder.remove("r/a/1")
        #expect(try isAnother())
        // Whoever takes the changes takes them from nobody else.
        _ = test.watcher.takeDirty()
        #expect(try settled(test) == last)
        try folder.move("r/a/2", "r/a/.hidden")
        #expect(try isAnother())
        try folder.move("r/a", "elsewhere")
        #expect(try isAnother())
        try folder.write([1], "r/b/c/1")
        #expect(try isAnother())
        try folder.remove("r/b/c/1")
        #expect(try isAnother())
        try folder.move("r", "gone")
        #expect(try isAnother())
    }

    @Test("There is none while events were lost, and another one afterwards")
    func lost() throws {
        try folder.makeFolder("r")
        let test = try WatcherUnderTest([folder.path + "/r"])
        let number = try settled(test)
        let limit = try String(contentsOfFile: "/proc/sys/fs/inotify/max_queued_events", encoding: .utf8)
        let many = (Int(limit.trimmingCharacters(in: .whitespacesAndNewlines)) ?? 16_384) + 10
        let path = folder.path + "/r/1"
        test.watcher.whileNothingIsRead {
            for _ in 0..<(many / 2 + 1) {
                let descriptor = open(path, O_CREAT | O_RDWR, 0o600)
                close(descriptor)
                unlink(path)
            }
        }
        #expect(test.watcher.changeNumber != number)
        #expect(try settled(test) != number)
    }

    @Test("There is none where a folder is polled, because of its file system or for want of watches")
    func polled() throws {
        try folder.makeFolder("r/remote")
        let remote = folder.path + "/r/remote"
        let test = try WatcherUnderTest([folder.path + "/r"], tellsChanges: { $0 != remote })
        #expect(test.watcher.statistics.polled == 1)
        #expect(test.watcher.changeNumber == nil)
        let none = try WatcherUnderTest([folder.path + "/r"], queue: { nil })
        #expect(none.watcher.changeNumber == nil)
    }

    @Test("There is none where a folder may not be read", .enabled(if: geteuid() != 0, "root reads everything"))
    func unreadable() throws {
        let closed = try folder.makeFolder("r/closed")
        #expect(chmod(closed, 0o311) == 0)
        defer { chmod(closed, 0o700) }
        let test = try WatcherUnderTest([folder.path + "/r"])
        #expect(test.watcher.changeNumber == nil)
    }

    @Test("A root that is not there hides nothing, and is another number when it has come")
    func missing() throws {
        try folder.makeFolder("r")
        let test = try WatcherUnderTest([folder.path + "/r", folder.path + "/later"])
        let number = try settled(test)
        try folder.write([1], "later/a/1")
        _ = test.watcher.dirty
        #expect(try settled(test) != number)
    }

    @Test("A root that was named a moment ago has none before its folders are found, and counts then")
    func added() throws {
        try folder.makeFolder("r")
        for number in 0..<100 { try folder.makeFolder("s/\(number)") }
        let test = try WatcherUnderTest([folder.path + "/r"])
        let number = try settled(test)
        test.setRoots([folder.path + "/r", folder.path + "/s"])
        try test.wait { test.watcher.statistics.watched == 102 }
        let now = try settled(test)
        #expect(now != number)
        try folder.write([1], "s/99/1")
        #expect(test.watcher.changeNumber != now)
    }

    @Test("Nobody waits for it while the watcher is at work")
    func busy() throws {
        try folder.makeFolder("r")
        let test = try WatcherUnderTest([folder.path + "/r"])
        let number = try settled(test)
        var asked: Int? = number
        test.watcher.whileNothingIsRead { asked = Self.ask(test.watcher) }
        #expect(asked == nil)
        #expect(try settled(test) == number)
    }

    /// The number, asked for on a thread of its own.
    private static func ask(_ watcher: LibraryWatcher) -> Int? {
        let answer = Mutex<Int?>(nil)
        let group = DispatchGroup()
        OwnThreads.start("test.ask", count: 1, in: group) {
            let number = watcher.changeNumber
            answer.withLock { $0 = number }
        }
        group.wait()
        return answer.withLock { $0 }
    }

    @Test("Of many roots none is told, since each would have to be looked at")
    func manyRoots() throws {
        let roots = try (0..<17).map { try folder.makeFolder("\($0)") }
        _ = try settled(WatcherUnderTest(Array(roots.dropLast())))
        #expect(try WatcherUnderTest(roots).watcher.changeNumber == nil)
    }
}
