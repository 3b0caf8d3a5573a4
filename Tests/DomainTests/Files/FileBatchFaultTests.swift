import Foundation
import Testing

@testable import Domain

/// One call for many things, done with a fault at every call that changes something.
struct FileBatchScenario: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var hasTrash = false
    /// Folders that count as file systems of their own.
    var devices: [String] = []
    var act: @Sendable (FileOperations, FileBed) async throws -> Void

    /// The pictures that are named, in order; each of even number has a side-car.
    static let names = (1...4).map { "p\($0)" }

    static func paths(_ bed: FileBed) -> [String] { names.map { bed.root + "/f/\($0).png" } }

    static let all: [FileBatchScenario] = [
        FileBatchScenario(testDescription: "delete") { files, bed in
            try await files.delete(paths(bed), policy: bed.policy)
        },
        FileBatchScenario(testDescription: "put into the trash", hasTrash: true) { files, bed in
            try await files.delete(paths(bed), policy: bed.policy)
        },
        FileBatchScenario(testDescription: "move") { files, bed in
            _ = try await files.move(paths(bed), to: bed.other, policy: bed.policy)
        },
        FileBatchScenario(testDescription: "move, and go on after failures") { files, bed in
            _ = try await files.move(paths(bed), to: bed.other, continues: true, policy: bed.policy)
        },
        FileBatchScenario(testDescription: "move to another file system", devices: ["two"]) { files, bed in
            _ = try await files.move(paths(bed), to: bed.other, policy: bed.policy)
        },
        FileBatchScenario(testDescription: "copy") { files, bed in
            _ = try await files.copy(paths(bed), to: bed.other, policy: bed.policy)
        },
        FileBatchScenario(testDescription: "flatten") { files, bed in
            _ = try await files.flatten(bed.root, isDry: false, policy: bed.policy)
        },
    ]
}

/// Whatever fails and whenever the process ends, each thing of many is done as a whole or not at all.
struct FileBatchFaultTests {
    /// What is seen of one of the pictures: its own path and its side-car's, and its row, wherever they are.
    private struct Thing: Hashable {
        var places: [String]
        var row: String?
    }

    private static func things(_ picture: FileBed.Picture) -> [Thing] {
        FileBatchScenario.names.map { name in
            let own = picture.disk.keys.filter { path in
                let last = path.split(separator: "/").last ?? ""
                return last == "\(name).png" || last == "\(name).txt"
            }
            let row = picture.rows.values.first { $0.contains("/\(name).png holds") }
            return Thing(places: own.sorted(), row: row)
        }
    }

    private func bed(_ scenario: FileBatchScenario) throws -> FileBed {
        let bed = try FileBed(hasTrash: scenario.hasTrash)
        for (number, name) in FileBatchScenario.names.enumerated() {
            try bed.picture("one/f/\(name).png")
            if number % 2 == 1 { try bed.text("one/f/\(name).txt") }
        }
        return bed
    }

    private func files(
        _ scenario: FileBatchScenario,
        _ bed: FileBed,
        _ fault: FaultyFileSystem.Fault = .failure,
        _ call: Int? = nil
    ) -> FaultyFileSystem {
        FaultyFileSystem(fault, at: call, devices: scenario.devices.map { bed.folder.path + "/" + $0 })
    }

    @Test("With a fault at any call, each of many is as before or as after", arguments: FileBatchScenario.all)
    func faults(_ scenario: FileBatchScenario) async throws {
        let whole = try bed(scenario)
        let before = Self.things(try whole.look())
        try await scenario.act(whole.operations(files(scenario, whole)), whole)
        try whole.check()
        let after = Self.things(try whole.look())
        for (left, right) in zip(before, after) { #expect(left != right) }

        for fault in FaultyFileSystem.Fault.allCases {
            var call = 0
            var partly = 0
            while true {
                call += 1
                let bed = try bed(scenario)
                let faulty = files(scenario, bed, fault, call)
                try? await scenario.act(bed.operations(faulty), bed)
                guard faulty.hasStruck else { break }
                let hint = "\(fault) at call \(call): \(bed.test.log())"
                if fault == .failure, try bed.look().unfinished == 0 {
                    check(try bed.look(), before, after, hint)
                    try bed.check(hint)
                }
                try bed.operations().recover()
                check(try bed.look(), before, after, hint)
                try bed.check(hint)
                #expect(try bed.operations().runner.recover() == 0)
                let now = Self.things(try bed.look())
                if now != before, now != after { partly += 1 }
            }
            #expect(call > 4)
            // Of many, some may be done and others not; none is half done.
            if fault != .failure { #expect(partly > 0) }
        }
    }

    private func check(_ picture: FileBed.Picture, _ before: [Thing], _ after: [Thing], _ hint: String) {
        for (index, now) in Self.things(picture).enumerated() {
            #expect(now == before[index] || now == after[index], "\(hint) \(now)")
        }
    }

    @Test("A failure in the middle leaves what came before done and what comes after untouched")
    func stops() async throws {
        // Two writes to the store and two names come first: the note, and what is before the failing picture.
        for call in 2...6 {
            let scenario = FileBatchScenario.all[2]
            let bed = try bed(scenario)
            let before = Self.things(try bed.look())
            await #expect(throws: FileFailure.self) {
                try await scenario.act(bed.operations(files(scenario, bed, .failure, call)), bed)
            }
            try bed.check()
            let now = Self.things(try bed.look())
            let done = zip(now, before).prefix { $0 != $1 }.count
            // Of four pictures with two side-cars, which are six names.
            #expect(done == [0, 1, 1, 2, 3][call - 2])
            #expect(Array(now[done...]) == Array(before[done...]))
        }
    }

    @Test("When it goes on, only the failing one is left out")
    func goesOn() async throws {
        let scenario = FileBatchScenario.all[3]
        let bed = try bed(scenario)
        let before = Self.things(try bed.look())
        let paths = FileBatchScenario.paths(bed)
        let failures = try await bed.operations(files(scenario, bed, .failure, 3))
            .move(paths, to: bed.other, continues: true, policy: bed.policy)
        #expect(failures.map(\.path) == [paths[1]])
        try bed.check()
        let now = Self.things(try bed.look())
        #expect(zip(now, before).map { $0 == $1 } == [false, true, false, false])
    }
}
