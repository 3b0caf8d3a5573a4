import Foundation
import Testing

@testable import Domain

/// Files that went are noticed, however often they were seen before.
struct MediaPresenceTests {
    let folder: TemporaryFolder
    let presence = MediaPresence()

    init() throws { folder = try TemporaryFolder() }

    private func found(_ names: [String]) -> [FoundMedia] {
        names.enumerated().map { id, name in
            let key = MediaKey(date: 1, id: id + 1)
            return FoundMedia(key: key, rank: key, kind: .image, directory: 1, size: 1, path: folder.path + "/" + name)
        }
    }

    /// Makes the folder look untouched for an hour, so that what is seen in it is remembered.
    private func settle() throws {
        let attributes = [FileAttributeKey.modificationDate: Date(timeIntervalSinceNow: -3600)]
        try FileManager.default.setAttributes(attributes, ofItemAtPath: folder.path)
    }

    @Test("A file that went after it was seen is missed at once")
    func went() throws {
        for name in ["a", "b"] { try folder.write([1], name) }
        try settle()
        for _ in 0..<3 { #expect(presence.check(found(["a", "b"])).isPresent == [true, true]) }
        try folder.remove("b")
        let result = presence.check(found(["a", "b"]))
        #expect(result.isPresent == [true, false])
        #expect(result.changed == [folder.path])
        try folder.write([1], "b")
        #expect(presence.check(found(["a", "b"])).isPresent == [true, true])
    }

    @Test("Of a folder from which files are missing at every search it is told once a minute")
    func told() throws {
        try folder.write([1], "a")
        let first = presence.check(found(["a", "b"]))
        #expect(first.isPresent == [true, false] && first.changed == [folder.path])
        let second = presence.check(found(["a", "b"]))
        #expect(second.isPresent == [true, false] && second.changed.isEmpty)
    }

    @Test("What is remembered of one folder does not hold for another in its place")
    func replaced() throws {
        try folder.write([1], "here/a")
        let path = folder.path + "/here"
        let key = MediaKey(date: 1, id: 1)
        let media = [FoundMedia(key: key, rank: key, kind: .image, directory: 1, size: 1, path: path + "/a")]
        let old = [FileAttributeKey.modificationDate: Date(timeIntervalSinceNow: -3600)]
        try FileManager.default.setAttributes(old, ofItemAtPath: path)
        #expect(presence.check(media).isPresent == [true])
        try folder.move("here", "elsewhere")
        #expect(presence.check(media).isPresent == [false])
        try folder.makeFolder("here")
        try FileManager.default.setAttributes(old, ofItemAtPath: path)
        #expect(presence.check(media).isPresent == [false])
    }

    @Test("In a folder that was changed a moment ago nothing is taken for granted")
    func unsettled() throws {
        // On a busy machine a look may come too late to be a moment after the change.
        var age = Duration.seconds(0)
        repeat {
            let change = ContinuousClock.now
            try folder.write([1], UUID().uuidString)
            try folder.write([1], "a")
            #expect(presence.check(found(["a"])).isPresent == [true])
            age = ContinuousClock.now - change
        } while age > .seconds(1)
        let modified = try FileManager.default.attributesOfItem(atPath: folder.path)[.modificationDate]
        try folder.remove("a")
        // As a file system with coarse times would have it.
        if let modified {
            try FileManager.default.setAttributes([.modificationDate: modified], ofItemAtPath: folder.path)
        }
        #expect(presence.check(found(["a"])).isPresent == [false])
    }

    @Test("Of a folder that is gone altogether, all files are")
    func noFolder() throws {
        #expect(presence.check(found(["no/a", "no/b"])).isPresent == [false, false])
        #expect(presence.check([]).changed.isEmpty)
    }

    @Test("What another one saw after a search began counts for it, and nothing that was seen before")
    func shared() throws {
        try folder.write([1], "a")
        try settle()
        let before = ContinuousClock.now
        #expect(presence.check(found(["a"])).isPresent == [true])
        let after = ContinuousClock.now
        try folder.remove("a")
        #expect(presence.check(found(["a"]), since: before).isPresent == [true])
        #expect(presence.check(found(["a"]), since: after).isPresent == [false])
        // Now it is known also for those who began before.
        #expect(presence.check(found(["a"]), since: before).isPresent == [false])
    }

    @Test("While the kernel tells of no change a folder is not looked at, for two seconds at most")
    func noChange() throws {
        try folder.write([1], "a")
        try settle()
        var change = 0
        var (begin, later) = (ContinuousClock.now, ContinuousClock.now)
        repeat {
            // On a busy machine the look may take too long to be one of a moment ago.
            change += 1
            begin = .now
            #expect(presence.check(found(["a"]), since: begin, change: change).isPresent == [true])
            later = .now
        } while later - begin > .seconds(1)
        // A change that nobody tells of, to see whether someone looks.
        try folder.remove("a")
        #expect(presence.check(found(["a"]), since: later, change: change).isPresent == [true])
        later += .seconds(3)
        #expect(presence.check(found(["a"]), since: later, change: change).isPresent == [false])
    }

    @Test("After a change that was told, and where not all are, folders are looked at", arguments: [8, nil])
    func change(number: Int?) throws {
        try folder.write([1], "a")
        try settle()
        #expect(presence.check(found(["a"]), change: 7).isPresent == [true])
        try folder.remove("a")
        #expect(presence.check(found(["a"]), change: number).isPresent == [false])
        try folder.write([1], "a")
        try settle()
        #expect(presence.check(found(["a"]), change: nil).isPresent == [true])
        try folder.remove("a")
        // What was seen when nobody told of changes says nothing of when it was.
        #expect(presence.check(found(["a"]), change: number).isPresent == [false])
    }

    @Test("What is new to a folder is looked at, whatever is told")
    func newcomer() throws {
        try folder.write([1], "a")
        try settle()
        #expect(presence.check(found(["a"]), change: 7).isPresent == [true])
        #expect(presence.check(found(["a", "b"]), change: 7).isPresent == [true, false])
    }
}
