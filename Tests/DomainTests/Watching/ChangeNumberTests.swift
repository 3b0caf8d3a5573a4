import Foundation
import Testing

@testable import Domain

/// The number by which searches know that nothing happened.
struct ChangeNumberTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test("It stays as long as nothing happens, and is another one as soon as something has")
    func changes() throws {
        try folder.write([1], "r/a/1")
        try folder.write([1], "r/a/2")
        let watcher = try WatcherUnderTest([folder.path + "/r"]).watcher
        var last = try #require(watcher.changeNumber)
        func isAnother() -> Bool {
            let number = watcher.changeNumber
            defer { last = number ?? last }
            return number != nil && number != last
        }
        #expect(!isAnother())
        _ = try Data(contentsOf: URL(fileURLWithPath: folder.path + "/r/a/1"))
        #expect(!isAnother())
        try folder.remove("r/a/1")
        #expect(isAnother())
        #expect(!isAnother())
        // Whoever takes the changes takes them from nobody else.
        _ = watcher.takeDirty()
        #expect(!isAnother())
        try folder.move("r/a/2", "r/a/.hidden")
        #expect(isAnother())
        try folder.move("r/a", "elsewhere")
        #expect(isAnother())
        try folder.write([1], "r/b/c/1")
        #expect(isAnother())
        try folder.remove("r/b/c/1")
        #expect(isAnother())
        try folder.move("r", "gone")
        #expect(isAnother())
        #expect(!isAnother())
    }

    @Test("There is none while events were lost, and another one afterwards")
    func lost() throws {
        try folder.makeFolder("r")
        let test = try WatcherUnderTest([folder.path + "/r"])
        let number = try #require(test.watcher.changeNumber)
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
        try test.wait { test.watcher.changeNumber != nil }
        #expect(test.watcher.changeNumber != number)
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

    @Test("A root that is not there hides nothing, and is another number when it comes")
    func missing() throws {
        try folder.makeFolder("r")
        let test = try WatcherUnderTest([folder.path + "/r", folder.path + "/later"])
        let number = try #require(test.watcher.changeNumber)
        #expect(test.watcher.changeNumber == number)
        try folder.write([1], "later/a/1")
        let now = test.watcher.changeNumber
        #expect(now != nil && now != number)
    }

    @Test("A root that was named a moment ago has none before its folders are found, and counts then")
    func added() throws {
        try folder.makeFolder("r")
        for number in 0..<100 { try folder.makeFolder("s/\(number)") }
        let test = try WatcherUnderTest([folder.path + "/r"])
        let number = try #require(test.watcher.changeNumber)
        test.setRoots([folder.path + "/r", folder.path + "/s"])
        try test.wait { test.watcher.statistics.watched == 102 }
        let now = try #require(test.watcher.changeNumber)
        #expect(now != number)
        try folder.write([1], "s/99/1")
        #expect(test.watcher.changeNumber != now)
    }

    @Test("Of many roots none is told, since each would have to be looked at")
    func manyRoots() throws {
        let roots = try (0..<17).map { try folder.makeFolder("\($0)") }
        #expect(try WatcherUnderTest(Array(roots.dropLast())).watcher.changeNumber != nil)
        #expect(try WatcherUnderTest(roots).watcher.changeNumber == nil)
    }
}
