import Foundation
import Testing

@testable import Domain

struct LibraryPropertyTests {
    @Test("After any sequence of changes on the disk, rows and counts are those of a plain recount")
    func counts() throws {
        let seed = UInt64.random(in: .min ... .max)
        print("seed", seed)
        var generator = SeededGenerator(seed: seed)
        let test = try TestLibrary()
        let folder = try TemporaryFolder()
        try test.library.addRoot(folder.path)
        let folders = ["", "a/", "a/b/", "c/"]
        var model: [String: [UInt8]] = [:]
        var told: Set<Int> = []
        for _ in 0..<30 {
            for _ in 0..<Int.random(in: 0...6, using: &generator) {
                let name =
                    (folders.randomElement(using: &generator) ?? "") + "\(Int.random(in: 0..<8, using: &generator)).png"
                switch Int.random(in: 0..<4, using: &generator) {
                case 0:
                    if model.removeValue(forKey: name) != nil { try folder.remove(name) }
                case 1:
                    if let old = model.keys.sorted().randomElement(using: &generator), model[name] == nil {
                        let parent = (folder.path + "/" + name as NSString).deletingLastPathComponent
                        try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
                        try folder.move(old, name)
                        model[name] = model.removeValue(forKey: old)
                    }
                default:
                    // Sides in growing order, so that a rewritten file differs in size when its content differs.
                    let side = Int.random(in: 1...12, using: &generator)
                    let bytes = try TestPicture.png(side, 1)
                    if model[name] != bytes {
                        try folder.write(bytes, name)
                        model[name] = bytes
                    }
                }
            }
            try test.scan()
            let expected = LibraryCounts(
                contents: Set(model.values).count,
                files: model.count,
                bytes: model.values.reduce(0) { $0 + $1.count }
            )
            #expect(try test.library.libraryCounts() == expected, "seed \(seed)")
            #expect(try test.paths() == model.keys.sorted(), "seed \(seed)")
            for event in test.events() {
                switch event {
                case .libraryAdded(let items): told.formUnion(items.map(\.id))
                case .libraryRemoved(let items): told.subtract(items.map(\.id))
                case .libraryChanged(let items): #expect(told.isSuperset(of: items.map(\.id)), "seed \(seed)")
                case .libraryCounts(let counts): #expect(counts.files >= 0)
                default: break
                }
            }
            #expect(told == Set(try test.library.newest(limit: 1000).map(\.id)), "seed \(seed)")
            #expect(test.library.journal.read { $0.library.counts } == expected, "seed \(seed)")
            test.advance(Int.random(in: 0...300, using: &generator))
        }
    }
}
