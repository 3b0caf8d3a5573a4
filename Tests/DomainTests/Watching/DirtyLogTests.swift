import Testing

@testable import Domain

struct DirtyLogTests {
    @Test("Each folder is told once, and nothing is left after it was taken")
    func taking() {
        var log = DirtyLog()
        #expect(log.changes == .nothing)
        for path in ["/b", "/a", "/b"] { log.insert(path, at: 0) }
        #expect(log.changes == .folders(["/a", "/b"]))
        let taken = log.take()
        #expect(taken == .folders(["/a", "/b"]))
        #expect(log.changes == .nothing)
        #expect(log.settles == nil)
    }

    @Test("Two folders that are equal as texts and not as bytes are not taken for one")
    func composed() {
        var log = DirtyLog()
        log.insert("/\u{E9}", at: 0)
        log.insert("/\u{E9}", at: 0)
        #expect(log.changes == .folders(["/\u{E9}"]))
        log.insert("/e\u{301}", at: 0)
        #expect(log.changes == .folders(["/e\u{301}", "/\u{E9}"]))
        let both = log.changes.joined(.folders(["/e\u{301}"]))
        #expect(both == .folders(["/\u{E9}", "/e\u{301}"]))
    }

    @Test("Past the bound it is only known that something changed")
    func bound() {
        var log = DirtyLog()
        for number in 0..<DirtyLog.limit { log.insert("/\(number)", at: 0) }
        guard case .folders(let folders) = log.changes else {
            Issue.record("no folders")
            return
        }
        #expect(folders.count == DirtyLog.limit)
        log.insert("/7", at: 0)
        #expect(log.changes != .unknown)
        log.insert("/one more", at: 0)
        #expect(log.changes == .unknown)
        log.insert("/8", at: 0)
        let taken4 = log.take()
        #expect(taken4 == .unknown)
        let taken5 = log.take()
        #expect(taken5 == .nothing)
    }

    @Test("Changes settle after a silence, or when they go on for too long, and are told once")
    func settling() {
        var log = DirtyLog()
        let isSettled6 = log.settle(at: 100)
        #expect(!isSettled6)
        log.insert("/a", at: 1_000)
        log.insert("/a", at: 1_400)
        #expect(log.settles == 1_900)
        let isSettled7 = log.settle(at: 1_899)
        #expect(!isSettled7)
        let isSettled8 = log.settle(at: 1_900)
        #expect(isSettled8)
        let isSettled9 = log.settle(at: 9_000)
        #expect(!isSettled9)
        #expect(log.changes == .folders(["/a"]))
        for time in stride(from: 10_000, through: 15_000, by: 400) { log.insert("/b", at: time) }
        #expect(log.settles == 15_000)
        let isSettled10 = log.settle(at: 15_000)
        #expect(isSettled10)
        let taken11 = log.take()
        #expect(taken11 == .folders(["/a", "/b"]))
    }

    @Test("What is taken need not settle any more")
    func takenBeforeSettled() {
        var log = DirtyLog()
        log.insert("/a", at: 0)
        _ = log.take()
        let isSettled12 = log.settle(at: 10_000)
        #expect(!isSettled12)
        log.insertAll(at: 20_000)
        let isSettled13 = log.settle(at: 20_500)
        #expect(isSettled13)
    }

    @Test("Every change counts, also one of a folder that is known to be dirty, and taking forgets no count")
    func count() {
        var log = DirtyLog()
        #expect(log.count == 0)
        log.insert("/a", at: 0)
        log.insert("/a", at: 0)
        #expect(log.count == 2)
        _ = log.take()
        #expect(log.count == 2)
        log.insertAll(at: 0)
        log.insert("/b", at: 0)
        #expect(log.count == 4)
    }
}
