import Foundation
import Testing

@testable import Domain

/// One operation on one thing, done with a fault at every call that changes something.
struct FileScenario: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var hasTrash = false
    /// Folders that count as file systems of their own.
    var devices: [String] = []
    var prepare: @Sendable (FileBed) throws -> Void
    var act: @Sendable (FileOperations, FileBed) async throws -> Void

    static let all: [FileScenario] = [
        FileScenario(testDescription: "copy a file with its side-car", prepare: pair) { files, bed in
            _ = try await files.copy([bed.root + "/a.png"], to: bed.other, policy: bed.policy)
        },
        FileScenario(testDescription: "move a file with its side-car", prepare: pair) { files, bed in
            _ = try await files.move([bed.root + "/a.png"], to: bed.other, policy: bed.policy)
        },
        FileScenario(testDescription: "move a folder", prepare: tree) { files, bed in
            _ = try await files.move([bed.root + "/f"], to: bed.other, policy: bed.policy)
        },
        FileScenario(testDescription: "rename a file with its side-car", prepare: pair) { files, bed in
            _ = try await files.rename(bed.root + "/a.png", to: "b.png", policy: bed.policy)
        },
        FileScenario(testDescription: "rename a folder", prepare: tree) { files, bed in
            _ = try await files.rename(bed.root + "/f", to: "g", policy: bed.policy)
        },
        FileScenario(testDescription: "move a file to another file system", devices: ["two"], prepare: pair) {
            _ = try await $0.move([$1.root + "/a.png"], to: $1.other, policy: $1.policy)
        },
        FileScenario(testDescription: "move a folder to another file system", devices: ["two"], prepare: tree) {
            _ = try await $0.move([$1.root + "/f"], to: $1.other, policy: $1.policy)
        },
        FileScenario(testDescription: "delete a file", prepare: { try $0.picture("one/a.png") }) { files, bed in
            try await files.delete([bed.root + "/a.png"], policy: bed.policy)
        },
        FileScenario(testDescription: "delete a file with its side-car", prepare: pair) { files, bed in
            try await files.delete([bed.root + "/a.png"], policy: bed.policy)
        },
        FileScenario(testDescription: "delete an empty folder", prepare: { try $0.folder.makeFolder("one/f") }) {
            try await $0.delete([$1.root + "/f"], policy: $1.policy)
        },
        FileScenario(testDescription: "put a file with its side-car into the trash", hasTrash: true, prepare: pair) {
            try await $0.delete([$1.root + "/a.png"], policy: $1.policy)
        },
        FileScenario(
            testDescription: "put a file into a trash on another file system",
            hasTrash: true,
            devices: ["trash"],
            prepare: pair
        ) {
            try await $0.delete([$1.root + "/a.png"], policy: $1.policy)
        },
    ]

    private static func pair(_ bed: FileBed) throws {
        try bed.picture("one/a.png")
        try bed.text("one/a.txt")
        try bed.picture("two/x.png")
    }

    private static func tree(_ bed: FileBed) throws {
        for name in ["one/f/a.png", "one/f/deep/er/b.png", "one/f-not/c.png"] { try bed.picture(name) }
        try bed.text("one/f/deep/er/b.txt")
        try bed.folder.makeFolder("one/f/empty")
        try bed.folder.link("one/f/link", to: "a.png")
    }
}

/// Whatever fails and whenever the process ends, an operation happens as a whole or not at all.
struct FileFaultTests {
    @Test("With a fault at any call, everything is as before or as after", arguments: FileScenario.all)
    func faults(_ scenario: FileScenario) async throws {
        let whole = try FileBed(hasTrash: scenario.hasTrash)
        try scenario.prepare(whole)
        let before = try whole.look()
        try await scenario.act(whole.operations(files(scenario, whole, .failure, nil)), whole)
        let after = try whole.look()
        #expect(before != after)
        try whole.check()

        for fault in FaultyFileSystem.Fault.allCases {
            var call = 0
            var outcomes: Set<Bool> = []
            while true {
                call += 1
                let bed = try FileBed(hasTrash: scenario.hasTrash)
                try scenario.prepare(bed)
                let faulty = files(scenario, bed, fault, call)
                let result = await Result { try await scenario.act(bed.operations(faulty), bed) }
                guard faulty.hasStruck else { break }
                let hint = "\(fault) at call \(call): \(bed.test.log())"
                if fault == .failure {
                    // Nothing needs a restart but what could not be cleared away.
                    let now = try bed.look()
                    if now.unfinished == 0 {
                        try bed.check(hint)
                        #expect(Self.isSame(now, (try? result.get()) == nil ? before : after), "\(hint)")
                    }
                }
                try bed.operations().recover()
                let now = try bed.look()
                #expect(Self.isSame(now, before) || Self.isSame(now, after), "\(hint) \(now)")
                try bed.check(hint)
                // A second start finds nothing to do.
                #expect(try bed.operations().runner.recover() == 0)
                outcomes.insert(Self.isSame(now, after))
            }
            #expect(call > 3)
            #expect(outcomes.contains(false))
        }
    }

    @Test("What was hidden comes back under a free name when its own was taken meanwhile")
    func takenMeanwhile() async throws {
        let bed = try FileBed()
        try bed.picture("one/a.png")
        try bed.text("one/a.txt")
        // The third call that changes something would hide the side-car.
        let faulty = FaultyFileSystem(.crashBefore, at: 3)
        await #expect(throws: (any Error).self) {
            try await bed.operations(faulty).delete([bed.root + "/a.png"], policy: bed.policy)
        }
        #expect(try bed.look().disk["one/a.png"] == nil)
        try bed.text("one/a.png")
        try bed.operations().recover()
        let now = try bed.look()
        #expect(now.disk["one/a (2).png"] == "picture one/a.png")
        #expect(now.disk["one/a.png"] == "text one/a.png")
        #expect(now.disk["one/a.txt"] == "text one/a.txt")
        #expect(now.unfinished == 0)
        #expect(bed.test.log().contains { $0.contains("under another name") })
    }

    @Test("A note of a disk that is not there waits for it")
    func missingDisk() async throws {
        let bed = try FileBed()
        try bed.picture("one/f/a.png")
        let faulty = FaultyFileSystem(.crashBefore, at: 3)
        await #expect(throws: (any Error).self) {
            try await bed.operations(faulty).delete([bed.root + "/f/a.png"], policy: bed.policy)
        }
        try bed.folder.move("one/f", "away")
        try bed.operations().recover()
        #expect(try bed.look().unfinished == 1)
        try bed.folder.move("away", "one/f")
        try bed.operations().recover()
        try bed.check()
        // It had been hidden, which was all there was to do.
        #expect(try bed.look().disk["one/f/a.png"] == nil)
    }

    private func files(
        _ scenario: FileScenario,
        _ bed: FileBed,
        _ fault: FaultyFileSystem.Fault,
        _ call: Int?
    ) -> FaultyFileSystem {
        FaultyFileSystem(fault, at: call, devices: scenario.devices.map { bed.folder.path + "/" + $0 })
    }

    /// Whether two pictures are the same but for empty folders of the trash.
    private static func isSame(_ left: FileBed.Picture, _ right: FileBed.Picture) -> Bool {
        func relevant(_ picture: FileBed.Picture) -> FileBed.Picture {
            var picture = picture
            picture.disk = picture.disk.filter { !($0.key.hasPrefix("trash/") && $0.value == "/") }
            return picture
        }
        return relevant(left) == relevant(right)
    }
}

extension Result where Failure == any Error {
    fileprivate init(_ body: () async throws -> Success) async {
        do {
            self = .success(try await body())
        } catch {
            self = .failure(error)
        }
    }
}
