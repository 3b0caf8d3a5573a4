import Foundation
import Testing

@testable import Domain

/// Scans for models as callers ask for them, without tasks.
struct ModelScanTests {
    let bed: GalleryBed

    init() throws { bed = try GalleryBed() }

    /// Writes a file below the test's folder; answers its path.
    @discardableResult
    private func write(_ name: String, _ bytes: [UInt8] = [1]) throws -> String {
        try bed.test.folder.write(bytes, name)
    }

    private func names() async throws -> [String] {
        try await bed.gallery.pending().map { $0.name ?? "" }.sorted()
    }

    @Test("New files wait with what is known of them, in the order in which they were found")
    func found() async throws {
        let path = try write(
            "loras/ink.safetensors",
            ModelFileSample.safetensors([
                ("modelspec.title", "Old Ink"), ("ss_base_model_version", "sdxl_base_v1-0"),
                ("modelspec.trigger_phrase", "old ink, sepia"), ("modelspec.description", "Draws"),
            ])
        )
        try write("checkpoints/deep/b.ckpt", [1, 2, 3])
        let time = Date(timeIntervalSince1970: 1_700_000_000.25)
        try FileManager.default.setAttributes([.modificationDate: time], ofItemAtPath: path)
        let report = try await bed.gallery.scan(type: nil)
        #expect(report.scanned == 2 && report.skipped == 0 && report.pending.count == 2)
        let first = try #require(try await bed.gallery.pending(id: report.pending[0]))
        #expect(first.path == bed.test.folder.path + "/checkpoints/deep/b.ckpt" && first.type == "checkpoints")
        #expect(first.size == 3 && first.hash == nil && first.meta["title"] == nil && first.words == [])
        let second = try #require(try await bed.gallery.pending(id: report.pending[1]))
        #expect(second.path == path && second.name == "ink.safetensors" && second.type == "loras")
        #expect(second.created == 1_700_000_000_250 && second.hash == nil)
        #expect(second.meta["title"] == "Old Ink" && second.meta["base_model"] == "sdxl_base_v1-0")
        #expect(second.meta["trigger_phrase"] == "old ink, sepia" && second.meta["description"] == "Draws")
        #expect(second.meta["trigger_words"] == ["old ink", "sepia"] && second.meta["images"] == [])
    }

    @Test("What waits already, and what is a model, is passed over")
    func incremental() async throws {
        try write("loras/a.pt")
        let model = try write("loras/b.pt")
        try bed.model("1", path: model)
        let first = try await bed.gallery.scan(type: nil)
        #expect(first.scanned == 2 && first.skipped == 1 && first.pending.count == 1)
        try write("loras/c.pt")
        let second = try await bed.gallery.scan(type: nil)
        #expect(second.scanned == 3 && second.skipped == 2 && second.pending.count == 1)
        #expect(try await names() == ["a.pt", "c.pt"])
        let third = try await bed.gallery.scan(type: nil)
        #expect(third.scanned == 3 && third.skipped == 3 && third.pending == [])
    }

    @Test("A type narrows the scan; an unknown one, and no folders at all, are errors")
    func types() async throws {
        try write("loras/a.pt")
        try write("checkpoints/b.pt")
        #expect(try await bed.gallery.scan(type: "loras").scanned == 1)
        #expect(try await names() == ["a.pt"])
        await #expect(throws: ModelGalleryError.unknownType("Loras")) { try await bed.gallery.scan(type: "Loras") }
        for kinds in [[], [ModelFolders.Kind(name: "loras", folders: [])]] {
            let none = ModelGallery(
                library: bed.test.library,
                data: bed.test.data,
                folders: ModelFolders(kinds: kinds)
            )
            await #expect(throws: ModelGalleryError.noFolders) { try await none.scan(type: nil) }
        }
    }

    @Test("Folders that are all missing hold nothing")
    func missing() async throws {
        let report = try await bed.gallery.scan(type: nil)
        #expect(report == ModelScanReport())
    }

    @Test("What cannot be read is skipped, and the rest is found")
    func unreadable() async throws {
        try write("loras/a.pt")
        try bed.test.folder.link("loras/gone.pt", to: "nothing")
        #expect(mkfifo(bed.test.folder.path + "/loras/pipe.pt", 0o600) == 0)
        #expect(mkfifo(bed.test.folder.path + "/pipe", 0o600) == 0)
        try bed.test.folder.link("loras/link.pt", to: "../pipe")
        let report = try await bed.gallery.scan(type: nil)
        #expect(report.scanned == 3 && report.skipped == 2 && report.pending.count == 1)
        #expect(try await names() == ["a.pt"])
    }

    @Test("Huge files are looked at no further than their headers")
    func huge() async throws {
        let path = try write("checkpoints/a.safetensors", ModelFileSample.safetensors([("modelspec.title", "Big")]))
        #expect(truncate(path, 1 << 42) == 0)
        for number in 0..<20 { #expect(truncate(try write("loras/\(number).safetensors", []), 7 << 30) == 0) }
        let report = try await bed.gallery.scan(type: nil)
        #expect(report.pending.count == 21)
        let big = try #require(try await bed.gallery.pending(id: report.pending[0]))
        #expect(big.size == 1 << 42 && big.meta["title"] == "Big")
    }

    @Test("The picture beside a model waits with it; what is no picture is told and left")
    func pictures() async throws {
        try write("loras/a.safetensors")
        let picture = try TestPicture.png(8, 8)
        try write("loras/a.preview.png", picture)
        try write("loras/b.safetensors")
        try write("loras/b.png", [1, 2, 3])
        try write("loras/c.safetensors")
        try write("loras/c.png", [])
        try write("loras/c.webp", picture)
        let report = try await bed.gallery.scanNow(
            type: nil,
            listener: ModelScanner.Listener(warn: { [test = bed.test] in test.write($0) })
        )
        let lines = bed.test.log()
        #expect(report.pending.count == 3)
        let first = try #require(try await bed.gallery.pending(id: report.pending[0]))
        let name = try #require(ModelMeta.images(first.meta).first)
        let bytes = try Data(contentsOf: URL(fileURLWithPath: bed.test.data[.pending] + "/" + name))
        #expect(Array(bytes) == picture)
        let second = try #require(try await bed.gallery.pending(id: report.pending[1]))
        #expect(second.meta["images"] == [])
        // Where the first is none, the next is taken.
        let third = try #require(try await bed.gallery.pending(id: report.pending[2]))
        let other = try #require(ModelMeta.images(third.meta).first)
        #expect(try Data(contentsOf: URL(fileURLWithPath: bed.test.data[.pending] + "/" + other)) == Data(picture))
        let failed = Set(lines.compactMap { $0.split(separator: ":").first?.split(separator: "/").last })
        #expect(lines.count == 2 && failed == ["b.png", "c.png"], "\(lines)")
        // The next scan copies nothing again.
        let count = try FileManager.default.contentsOfDirectory(atPath: bed.test.data[.pending]).count
        _ = try await bed.gallery.scan(type: nil)
        #expect(try FileManager.default.contentsOfDirectory(atPath: bed.test.data[.pending]).count == count)
    }

    @Test("A folder of models around the server's own folders is safe, and so is one in a library folder")
    func around() async throws {
        let test = bed.test
        try test.library.addRoot(test.folder.makeFolder("pictures"))
        let png = try TestPicture.png(8, 8)
        try write("pictures/models/a.pt")
        try write("pictures/models/a.png", png)
        for folder in [DataDirectory.Folder.pending, .temp, .thumbnails, .backups] {
            try write("data/\(folder.rawValue)/x.pt")
        }
        try write("data/models/loras/b.pt")
        let gallery = ModelGallery(
            library: test.library,
            data: test.data,
            folders: ModelFolders(kinds: [
                .init(name: "all", folders: [test.folder.path]),
                .init(name: "every", folders: [test.data.path], suffixes: ["pt", "db"]),
            ])
        )
        let report = try await gallery.scan(type: "all")
        #expect(report.scanned == 1)
        try test.scan()
        let paths = try test.paths()
        #expect(paths == ["models/a.png"])
        // The database is none of these libraries' own files.
        #expect(try await gallery.scan(type: "every").pending.count == 2)
        #expect(try await names() == ["a.pt", "b.pt", "vitrine.db"])
    }

    @Test("Progress never goes back, and ends when all is done")
    func progress() async throws {
        for number in 0..<2500 { try write("loras/\(number / 100)/\(number).pt") }
        let seen = LastProgress()
        let order = Checked()
        let listener = ModelScanner.Listener(progress: { current, total, _ in
            // Counting them comes first, and then the work on them.
            if total != nil || seen.value?.total == nil { order.note(total == 2500 || seen.set(current, total)) }
            if total != nil { order.note(current <= 2500) }
            if current == 2500, total != nil { _ = seen.set(current, total) }
        })
        let report = try await bed.gallery.scanNow(type: nil, listener: listener)
        #expect(report.pending.count == 2500 && report.pending == report.pending.sorted())
        #expect(!order.results.contains(false) && order.results.count > 30)
        #expect(seen.value?.current == 2500 && seen.value?.total == 2500)
    }

    @Test("A cancelled scan ends with a cancellation, and the next one finds the rest")
    func cancelled() async throws {
        for number in 0..<3000 { try write("loras/\(number).pt") }
        let stop = StopFlag()
        let scanner = bed.gallery.scanner
        let listener = ModelScanner.Listener(progress: { current, total, _ in
            if total != nil, current > 0 { stop.set() }
        })
        #expect(throws: CancellationError.self) { try scanner.scan(type: nil, listener: listener, stop: stop) }
        let known = try await names().count
        #expect(known > 0 && known < 3000)
        let report = try await bed.gallery.scan(type: nil)
        #expect(report.skipped == known && report.pending.count == 3000 - known)
    }

    @Test("Two scans at once make one record of each file")
    func together() async throws {
        for number in 0..<600 { try write("loras/\(number).pt") }
        let reports = try await withThrowingTaskGroup(of: ModelScanReport.self) { group in
            for _ in 0..<4 { group.addTask { [bed] in try await bed.gallery.scan(type: nil) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(reports.allSatisfy { $0.scanned == 600 && $0.skipped + $0.pending.count == 600 })
        #expect(Set(reports.flatMap(\.pending)).count == 600)
        #expect(reports.map(\.pending.count).reduce(0, +) == 600)
    }
}
