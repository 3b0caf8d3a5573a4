import Foundation
import Synchronization
import Testing

@testable import Domain

/// Samples under many changes, one after the other and at once.
struct SamplePropertyTests {
    @Test("Whatever is added, removed, removed from the library or cut short, numbers are those of a plain list")
    func list() async throws {
        let seed = UInt64.random(in: .min ... .max)
        var generator = SeededGenerator(seed: seed)
        print("seed", seed)
        let bed = try SamplesUnderTest()
        var expected: [String] = []
        for step in 0..<150 {
            let number = expected.indices.randomElement(using: &generator)
            switch (Int.random(in: 0..<10, using: &generator), number) {
            case (0...3, _): expected.append(try bed.add(UInt8(step)))
            case (4, _):
                let arriving = try bed.samples.prepare(TestPicture.png(4, 4), for: bed.hash)
                if Bool.random(using: &generator) { bed.samples.discard(arriving) }
            case (5, let number?):
                try bed.samples.remove(bed.hash, number)
                expected.remove(at: number)
            case (6, let number?):
                try await bed.deleteFromLibrary(expected.remove(at: number))
            case (7, let number?):
                try FileManager.default.removeItem(atPath: expected.remove(at: number))
                #expect(try bed.samples.count(bed.hash) == expected.count)
            case (8, let number?):
                _ = try bed.store.leaveSample(of: bed.hash, number)
                expected.remove(at: number)
            case (9, _): try bed.restart()
            default: break
            }
            #expect(try bed.paths() == expected, "step \(step)")
        }
        try bed.restart()
        #expect(try bed.paths() == expected)
        #expect(bed.files() == bed.expectedFiles(expected))
        #expect(try bed.test.scan().files == expected.count)
        #expect(try bed.test.library.libraryCounts().files == expected.count)
    }

    @Test("While samples are removed from all sides, number 0 is never missing and never gone when asked again")
    func parallelReads() async throws {
        let bed = try SamplesUnderTest()
        let count = 40
        for number in 0..<count { try bed.add(UInt8(number)) }
        let progress = Progress()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<2 {
                group.addTask {
                    repeat {
                        for quality in SampleQuality.allCases {
                            try await read(bed, quality, progress)
                        }
                    } while !progress.isDone.withLock { $0 }
                }
            }
            group.addTask {
                try await withThrowingTaskGroup(of: Void.self) { removers in
                    for remover in 0..<3 {
                        removers.addTask {
                            for step in 0..<(count / 3) {
                                try await bed.gallery.removeSample(bed.hash, step % 2 == 0 ? 0 : remover % 2)
                            }
                        }
                    }
                    try await removers.waitForAll()
                }
                progress.isDone.withLock { $0 = true }
            }
            try await group.waitForAll()
        }
        #expect(try await bed.gallery.sampleCount(bed.hash) == 1)
        #expect(!progress.seen.withLock { $0 }.isEmpty)
        #expect(bed.files() == bed.expectedFiles(try bed.paths()))
    }

    /// Reads number 0 as a server does: when its file is gone it asks again.
    private func read(_ bed: SamplesUnderTest, _ quality: SampleQuality, _ progress: Progress) async throws {
        for _ in 0..<100 {
            guard let sample = try await bed.gallery.sample(bed.hash, 0, quality) else {
                Issue.record("number 0 is missing")
                return
            }
            guard let bytes = try? WholeFile.read(sample.path, limit: 100_000) else { continue }
            #expect(Thumbnail.isWhole(bytes))
            progress.seen.withLock { _ = $0.insert(sample.path) }
            return
        }
        Issue.record("number 0 is always gone")
    }

    @Test("Pictures that are added at once get one number each, without a gap")
    func parallelAdds() async throws {
        let bed = try SamplesUnderTest()
        let numbers = try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 0..<12 {
                group.addTask {
                    try await bed.gallery.addSample(TestPicture.png(4, 4, blue: UInt8(number)), to: bed.hash)
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(numbers.sorted() == Array(0..<12))
        #expect(try Set(bed.paths()).count == 12)
        #expect(try bed.test.library.libraryCounts().files == 12)
    }
}

/// What readers and removers tell each other.
private final class Progress: Sendable {
    let isDone = Mutex(false)
    /// The paths that were read.
    let seen = Mutex<Set<String>>([])
}
