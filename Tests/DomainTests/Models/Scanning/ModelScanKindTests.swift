import Foundation
import Testing

@testable import Domain

/// Scans for models as tasks.
struct ModelScanKindTests {
    let bed: GalleryBed

    init() throws { bed = try GalleryBed() }

    @Test(
        "Parameters that make no sense are refused",
        arguments: [[], "x", ["type": 1], ["type": ""], ["type": "vae"], ["types": "loras"]] as [JSON]
    )
    func badParams(_ params: JSON) {
        #expect {
            try ModelScanKind(gallery: bed.gallery).validate(params)
        } throws: { error in
            (error as? TaskRecord.Failure)?.code == "bad_params"
        }
    }

    @Test("Parameters that make sense are taken", arguments: [[:], ["type": .null], ["type": "loras"]] as [JSON])
    func goodParams(_ params: JSON) {
        #expect(throws: Never.self) { try ModelScanKind(gallery: bed.gallery).validate(params) }
    }

    @Test("A report is the same after its way through JSON; anything else is none")
    func report() throws {
        var report = ModelScanReport()
        report.scanned = 5
        report.skipped = 3
        report.pending = [7, 9]
        #expect(report.json == ["scanned": 5, "pending_added": 2, "skipped": 3, "pending_ids": [7, 9]])
        #expect(ModelScanReport(report.json) == report)
        for json: JSON in [
            .null, [:], ["scanned": 1, "skipped": 1], ["scanned": 1, "skipped": 1, "pending_ids": ["x"]],
        ] {
            #expect(ModelScanReport(json) == nil)
        }
    }

    @Test("A scan runs as a task, and its caller gets the whole report")
    func task() async throws {
        // So many ids that the result does not travel in events.
        for number in 0..<4000 { try bed.test.folder.write([1], "loras/\(number / 500)/\(number).pt") }
        try bed.test.folder.write([1], "checkpoints/a.pt")
        try await bed.serving { engine in
            let report = try await bed.gallery.scan(type: "loras")
            #expect(report.scanned == 4000 && report.skipped == 0 && report.pending.count == 4000)
            let again = try await bed.gallery.scan(type: nil)
            #expect(again.scanned == 4001 && again.pending.count == 1)
            let tasks = try await engine.recent(limit: 10)
            #expect(tasks.map(\.name) == ["model_scan", "model_scan"] && tasks.allSatisfy { $0.state == .done })
            #expect(tasks.last?.params == ["type": "loras"])
        }
        let progress = bed.test.events().compactMap { event in
            if case .taskProgress(let task) = event { task.progress } else { nil }
        }
        #expect(progress.contains { $0.total == 4000 })
    }

    @Test("What a scan could not read stands in the log of its task")
    func log() async throws {
        try bed.test.folder.makeFolder("loras")
        try bed.test.folder.link("loras/gone.pt", to: "nothing")
        _ = try await ModelScanKind(gallery: bed.gallery).run(bed.test.context())
        let lines = bed.test.log()
        #expect(lines.count == 1 && lines.allSatisfy { $0.contains("/loras/gone.pt") })
    }

    @Test("Many who ask at once all get their reports")
    func many() async throws {
        for number in 0..<50 { try bed.test.folder.write([1], "loras/\(number).pt") }
        try await bed.serving { _ in
            let reports = try await withThrowingTaskGroup(of: ModelScanReport.self) { group in
                for _ in 0..<8 { group.addTask { [bed] in try await bed.gallery.scan(type: nil) } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(reports.map(\.pending.count).sorted() == [0, 0, 0, 0, 0, 0, 0, 50])
            #expect(reports.allSatisfy { $0.scanned == 50 })
        }
    }
}
