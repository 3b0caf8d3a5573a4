import Foundation
import Testing

@testable import Domain

/// What a process leaves that ends in the middle, at each of its steps.
struct SampleRecoveryTests {
    let bed: SamplesUnderTest
    let paths: [String]

    init() throws {
        bed = try SamplesUnderTest()
        paths = try [bed.add(1), bed.add(2)]
    }

    /// Whether all is as if nothing had been begun.
    private func expectUntouched(_ paths: [String]) throws {
        #expect(try bed.paths() == paths)
        #expect(try bed.rows() == paths.count)
        #expect(bed.files() == bed.expectedFiles(paths))
        #expect(try bed.test.scan().files == paths.count)
        #expect(try bed.test.library.libraryCounts().files == paths.count)
    }

    @Test("A sample that was noted and no more is forgotten")
    func noted() throws {
        _ = try bed.store.beginSample(of: bed.hash, name: "new")
        #expect(try bed.samples.count(bed.hash) == 2)
        try bed.restart()
        try expectUntouched(paths)
    }

    @Test("Files that were written for it go, also half ones, and also when a scan has seen them", arguments: 0...2)
    func written(_ step: Int) throws {
        let arriving = try bed.samples.prepare(TestPicture.png(5, 5), for: bed.hash)
        #expect(try bed.samples.count(bed.hash) == 2)
        #expect(try bed.samples.find(bed.hash, 2, .high) == nil)
        if step == 0 { try bed.test.folder.remove("data/media/model-samples/\(arriving.name).webp") }
        if step == 2 {
            try bed.test.scan()
            #expect(try bed.test.library.libraryCounts().files == 3)
        }
        try bed.test.folder.write([1, 2, 3], "data/media/model-samples/.x.part")
        try bed.test.folder.write([1, 2, 3], "data/thumbnails/model-samples/.y.part")
        try bed.restart()
        try expectUntouched(paths)
    }

    @Test("A sample with a number that the library was not told of is taken in")
    func placed() async throws {
        let arriving = try bed.samples.prepare(TestPicture.png(5, 5), for: bed.hash)
        #expect(try bed.store.placeSample(arriving.id) == 2)
        let all = try bed.paths()
        #expect(all.count == 3)
        #expect(try bed.test.library.libraryCounts().files == 2)
        try bed.restart()
        try expectUntouched(all)
        // And from then on the library's removals are noticed.
        try await bed.deleteFromLibrary(all[2])
        #expect(try bed.store.samples(of: bed.hash).count == 2)
    }

    @Test("A removal that was begun is finished, whichever of its files are gone", arguments: 0...3)
    func leaving(_ gone: Int) throws {
        let row = try #require(try bed.store.leaveSample(of: bed.hash, 0))
        #expect(try bed.paths() == [paths[1]])
        let files = [
            "media/model-samples/\(row.name).webp", "thumbnails/model-samples/\(row.name)_medium.webp",
            "thumbnails/model-samples/\(row.name)_low.webp",
        ]
        for file in files.prefix(gone) { try bed.test.folder.remove("data/" + file) }
        try bed.restart()
        try expectUntouched([paths[1]])
    }

    @Test("Pictures that somebody removed while the server was away are samples no more, and strange files stay")
    func removed() throws {
        try FileManager.default.removeItem(atPath: paths[0])
        // A picture that somebody put there is no concern of ours.
        try bed.test.folder.write(TestPicture.png(6, 6), "data/media/model-samples/own.png")
        try bed.restart()
        #expect(try bed.store.samples(of: bed.hash).count == 1)
        #expect(bed.files() == bed.expectedFiles([paths[1]]).union(["own.png"]))
    }

    @Test("A second start finds nothing to do")
    func again() throws {
        try bed.restart()
        try expectUntouched(paths)
        _ = bed.test.events()
        try bed.restart()
        #expect(bed.test.events().isEmpty)
        try expectUntouched(paths)
    }

    @Test("A prepared sample that comes to nothing leaves nothing")
    func discarded() throws {
        let arriving = try bed.samples.prepare(TestPicture.png(5, 5), for: bed.hash)
        bed.samples.discard(arriving)
        try expectUntouched(paths)
        #expect(throws: (any Error).self) { try bed.store.placeSample(arriving.id) }
    }
}
