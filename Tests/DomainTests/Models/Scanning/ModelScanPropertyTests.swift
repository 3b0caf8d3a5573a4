import Foundation
import Testing

@testable import Domain

/// Scans of random trees against a plain model of what they must find.
struct ModelScanPropertyTests {
    @Test("Whatever comes and goes, a scan finds what is new, once", arguments: 0..<6)
    func random(_ round: Int) async throws {
        let seed = UInt64.random(in: .min ... .max)
        var generator = SeededGenerator(seed: seed)
        let bed = try GalleryBed(types: ["checkpoints", "loras", "vae"])
        var files: [String: String] = [:]
        var known: Set<String> = []
        for _ in 0..<6 {
            for _ in 0..<Int.random(in: 0...12, using: &generator) {
                let type = ["checkpoints", "loras", "vae"].randomElement(using: &generator) ?? ""
                let folder = ["", "/a", "/a/b", "/c d"].randomElement(using: &generator) ?? ""
                let suffix = ["pt", "CKPT", "gguf", "txt", "safetensors", "png"].randomElement(using: &generator) ?? ""
                let name = "\(type)\(folder)/\(Int.random(in: 0..<9, using: &generator)).\(suffix)"
                try bed.test.folder.write([1], name)
                if suffix != "txt", suffix != "png" { files[bed.test.folder.path + "/" + name] = type }
            }
            if let gone = files.keys.sorted().randomElement(using: &generator), Bool.random(using: &generator) {
                try FileManager.default.removeItem(atPath: gone)
                files[gone] = nil
            }
            let type = [nil, "loras", "vae"].randomElement(using: &generator) ?? nil
            let wanted = Set(files.filter { type == nil || $0.value == type }.keys)
            let report = try await bed.gallery.scan(type: type)
            #expect(report.scanned == wanted.count, "seed \(seed)")
            #expect(report.skipped == wanted.intersection(known).count, "seed \(seed)")
            var added: Set<String> = []
            for id in report.pending {
                let record = try #require(try await bed.gallery.pending(id: id), "seed \(seed)")
                #expect(record.type == files[record.path], "seed \(seed)")
                added.insert(record.path)
            }
            #expect(added == wanted.subtracting(known) && added.count == report.pending.count, "seed \(seed)")
            known.formUnion(added)
            #expect(try await bed.gallery.pending().count == known.count, "seed \(seed)")
        }
    }
}
