import Foundation
import Testing

@testable import Domain

/// Random changes on a real disk, held against what a plain look at the disk says.
struct WatchPropertyTests {
    /// Every visible folder below the roots by path, and by the number of its inode.
    private struct Snapshot {
        var folders: [String: (inode: Int, entries: Set<String>)] = [:]

        init(_ roots: [String]) throws {
            var waiting = roots
            let manager = FileManager.default
            while let path = waiting.popLast() {
                guard manager.fileExists(atPath: path) else { continue }
                var entries: Set<String> = []
                for name in try manager.contentsOfDirectory(atPath: path) where !name.hasPrefix(".") {
                    let file = path + "/" + name
                    let facts = try manager.attributesOfItem(atPath: file)
                    let isFolder = facts[.type] as? FileAttributeType == .typeDirectory
                    if isFolder { waiting.append(file) }
                    let time = isFolder ? 0 : (facts[.modificationDate] as? Date)?.timeIntervalSince1970 ?? 0
                    let size = isFolder ? 0 : facts[.size] as? Int ?? 0
                    entries.insert("\(name) \(isFolder) \(facts[.systemFileNumber] ?? 0) \(time) \(size)")
                }
                let inode = try manager.attributesOfItem(atPath: path)[.systemFileNumber] as? Int ?? 0
                folders[path] = (inode, entries)
            }
        }
    }

    /// A random change below `base`, in `r`, `s` (watched) or `out` (not); answers the inodes of the folders in which
    /// a file was written in place.
    private func change(_ base: String, _ generator: inout SeededGenerator) throws -> [Int] {
        let manager = FileManager.default
        let all = ["r", "s", "out"].flatMap { top in
            [top] + ((try? manager.subpathsOfDirectory(atPath: base + "/" + top)) ?? []).map { top + "/" + $0 }
        }.sorted()
        var folders: [String] = []
        var files: [String] = []
        for name in all {
            var isFolder: ObjCBool = false
            guard manager.fileExists(atPath: base + "/" + name, isDirectory: &isFolder) else { continue }
            if isFolder.boolValue { folders.append(name) } else { files.append(name) }
        }
        let names = ["a", "b", "c", "d", ".e", "ä"]
        let name = names.randomElement(using: &generator) ?? "a"
        let into = (folders.randomElement(using: &generator) ?? "r") + "/" + name
        let target = base + "/" + into
        switch Int.random(in: 0..<10, using: &generator) {
        case 0, 1: try? manager.createDirectory(atPath: target + "/b/c", withIntermediateDirectories: true)
        case 2, 3: try? Data(into.utf8).write(to: URL(fileURLWithPath: target + ".png"), options: .atomic)
        case 4:
            // In place, and with its old time again: only events can tell.
            guard let file = files.randomElement(using: &generator) else { break }
            let path = base + "/" + file
            let parent = (path as NSString).deletingLastPathComponent
            var status = stat()
            let inode = stat(parent, &status) == 0 ? Int(status.st_ino) : 0
            let descriptor = open(path, O_WRONLY)
            guard descriptor >= 0, fstat(descriptor, &status) == 0 else { break }
            pwrite(descriptor, "X", 1, 0)
            futimens(descriptor, [status.st_atim, status.st_mtim])
            close(descriptor)
            return (path as NSString).lastPathComponent.hasPrefix(".") ? [] : [inode]
        case 5:
            if let file = files.randomElement(using: &generator) { try? manager.removeItem(atPath: base + "/" + file) }
        case 6:
            if let folder = folders.filter({ $0.contains("/") }).randomElement(using: &generator) {
                try? manager.removeItem(atPath: base + "/" + folder)
            }
        case 7, 8:
            // A folder, also over an empty one; into itself it is refused.
            if let folder = folders.filter({ $0.contains("/") }).randomElement(using: &generator) {
                _ = rename(base + "/" + folder, target)
            }
        default:
            if let file = files.randomElement(using: &generator) { _ = rename(base + "/" + file, target + ".png") }
        }
        return []
    }

    @Test("Whatever happens, every folder in which something changed is told", arguments: [false, true])
    func everyChange(isPolled: Bool) throws {
        let seed = UInt64.random(in: .min ... .max)
        print("seed", seed)
        var generator = SeededGenerator(seed: seed)
        let folder = try TemporaryFolder()
        for name in ["r", "s", "out"] { try folder.makeFolder(name) }
        let roots = ["r", "s"].map { folder.path + "/" + $0 }
        let test = try WatcherUnderTest(roots, tellsChanges: { _ in !isPolled })
        _ = test.watcher.takeDirty()
        for round in 0..<150 {
            let before = try Snapshot(roots)
            var written: Set<Int> = []
            var told: Set<[UInt8]> = []
            var isUnknown = false
            func take() {
                switch test.watcher.takeDirty() {
                case .nothing: break
                case .folders(let folders): told.formUnion(folders.map { Array($0.text.utf8) })
                case .unknown: isUnknown = true
                }
            }
            for _ in 0..<Int.random(in: 0...12, using: &generator) {
                written.formUnion(try change(folder.path, &generator))
                // Taking in between makes watches at other moments.
                if Int.random(in: 0..<6, using: &generator) == 0 { take() }
            }
            take()
            let after = try Snapshot(roots)
            if isUnknown { continue }
            for (path, state) in after.folders {
                let old = before.folders[path]
                // An empty folder in place of another is the same to who looks from time to time.
                let isOther = !isPolled && old?.inode != state.inode
                let isChanged = old == nil || isOther || old?.entries != state.entries
                let isWritten = !isPolled && written.contains(state.inode)
                guard isChanged || isWritten else { continue }
                #expect(told.contains(Array(path.utf8)), "seed \(seed), round \(round): \(path)")
            }
            #expect(test.watcher.takeDirty() == .nothing, "seed \(seed), round \(round)")
            if !isPolled {
                #expect(test.watcher.statistics.watched == after.folders.count, "seed \(seed), round \(round)")
            }
        }
    }
}
