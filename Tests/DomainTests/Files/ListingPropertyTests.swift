#if os(Linux)
    import Foundation
    import Glibc
    import Synchronization
    import Testing

    @testable import Domain

    /// Random changes on a real disk: a listing that may be remembered is always what a plain look at the disk says.
    struct ListingPropertyTests {
        /// Changes something in `library`, `other` or `out`, or those folders themselves; some attempts do nothing.
        private func change(_ bed: ListingBed, _ files: inout [Int32], _ generator: inout SeededGenerator) {
            let folders = ["library", "other", "out"]
            func place() -> String {
                let folder = folders.randomElement(using: &generator) ?? "library"
                let names = ["a", "b", "c", "d", "e\u{301}", "\u{E9}", "sub/x", "sub"]
                return folder + "/" + (names.randomElement(using: &generator) ?? "a")
            }
            let path = bed.folder.path + "/" + place()
            let size = Int.random(in: 0..<5_000, using: &generator)
            switch Int.random(in: 0..<15, using: &generator) {
            case 0: make(path, size)
            case 1: unlink(path)
            case 2, 3: rename(path, bed.folder.path + "/" + place())
            case 4: truncate(path, size)
            case 5:
                let time = timespec(tv_sec: 1_000_000_000 + size, tv_nsec: 0)
                utimensat(AT_FDCWD, path, [time, time], 0)
            case 6: chmod(path, size % 2 == 0 ? 0o755 : 0o700)
            case 7: mkdir(path, 0o755)
            case 8: rmdir(path)
            case 9: symlink(bed.folder.path + "/" + place(), path)
            case 10: changeLinked(bed, size, &generator)
            case 11:
                let file = open(path, O_WRONLY | O_CLOEXEC)
                if file >= 0 { files.append(file) }
            case 12: for file in files { pwrite(file, "X", 1, size) }
            case 13:
                if let file = files.popLast() { close(file) }
            default:
                for (from, to) in [("/library", "/away"), ("/other", "/library"), ("/away", "/other")] {
                    rename(bed.folder.path + from, bed.folder.path + to)
                }
            }
        }

        private func make(_ path: String, _ size: Int) {
            let file = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0o644)
            guard file >= 0 else { return }
            ftruncate(file, size)
            close(file)
        }

        /// Changes files that have names in several folders: they are made in `out`, get their other names from there, and
        /// are never held open, for what goes by a name that is gone is told to nobody.
        private func changeLinked(_ bed: ListingBed, _ size: Int, _ generator: inout SeededGenerator) {
            let name = "linked-\(size % 3)"
            let path = bed.folder.path + "/out/" + name
            let folder = ["library", "other", "out"].randomElement(using: &generator) ?? "out"
            switch Int.random(in: 0..<4, using: &generator) {
            case 0: make(path, size)
            case 1: link(path, "\(bed.folder.path)/\(folder)/\(name)")
            case 2: unlink("\(bed.folder.path)/\(folder)/\(name)")
            default: truncate("\(bed.folder.path)/\(folder)/\(name)", size)
            }
        }

        @Test("After every change the listing is exact", .timeLimit(.minutes(2)))
        func random() throws {
            let seed = UInt64.random(in: .min ... .max)
            print("seed", seed)
            var generator = SeededGenerator(seed: seed)
            let bed = try ListingBed()
            try bed.fill("other", count: 280)
            try bed.folder.makeFolder("out")
            var files: [Int32] = []
            defer { for file in files { close(file) } }
            var remembered = 0
            var last: [String: Int?] = [:]
            for round in 0..<400 {
                for _ in 0..<Int.random(in: 1...3, using: &generator) { change(bed, &files, &generator) }
                for name in ["library", "other"] {
                    let version = try bed.check(name, "seed \(seed), round \(round)")
                    if version != nil, last[name] == version { remembered += 1 }
                    last[name] = version
                }
            }
            // Otherwise this says nothing.
            #expect(remembered > 40, "seed \(seed)")
        }

        @Test("Who lists while others write never misses what was written before", .timeLimit(.minutes(2)))
        func beside() throws {
            let bed = try ListingBed()
            let written = Atomic(7)
            let isDone = Atomic(false)
            let faults = Mutex<[String]>([])
            let group = DispatchGroup()
            OwnThreads.start("lists", count: 3, in: group) {
                while !isDone.load(ordering: .acquiring) {
                    let least = written.load(ordering: .acquiring)
                    let entries = (try? bed.list().entries) ?? []
                    let size = entries.first { $0.name == "7.png" }?.size ?? 0
                    if size < least || entries.count != 300 {
                        faults.withLock { $0.append("\(entries.count) entries, \(size) bytes after \(least)") }
                    }
                }
            }
            for size in 8..<600 {
                #expect(truncate(bed.library + "/7.png", size) == 0)
                written.store(size, ordering: .releasing)
                if size % 3 == 0 { _ = try bed.list() }
            }
            isDone.store(true, ordering: .releasing)
            group.wait()
            #expect(faults.withLock { $0 } == [])
            try bed.remember()
        }
    }
#endif
