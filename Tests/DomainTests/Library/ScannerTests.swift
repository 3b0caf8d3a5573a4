import Testing

@testable import Domain

/// What a scan sees, takes in and leaves out.
struct ScannerTests {
    let test: TestLibrary
    let folder: TemporaryFolder
    let root: String

    init() throws {
        test = try TestLibrary()
        folder = try TemporaryFolder()
        root = try folder.makeFolder("root")
        try test.library.addRoot(root)
    }

    private func knownRoot() throws -> Store.KnownDirectory? {
        let id = try #require(try test.library.roots().first).id
        return try test.store.knownDirectory("", of: id, file: { _, _ in }, folder: { _ in })
    }

    /// Has the store believe that the root's folder lies on another file system than it does, by so much.
    private func shiftDevice(_ known: Store.KnownDirectory, by difference: Int) throws {
        let root = try #require(try test.library.roots().first)
        let directory = ScanDirectory(root: root, path: "", device: known.device + difference)
        var tags = TagCache()
        _ = try test.store.apply(ScanBatch(directories: [(directory, 0)]), tags: &tags, at: 1)
    }

    @Test("Files are recognised by content, measured and hashed, whatever their names")
    func first() throws {
        let png = try TestPicture.png(30, 20)
        try folder.write(png, "root/a/picture.txt")
        try folder.write(try TestPicture.jpeg(30, 20, orientation: 6), "root/b.bin")
        try folder.write(Array("no picture".utf8), "root/fake.png")
        try folder.write([], "root/empty.png")
        let report = try test.scan()
        #expect([report.added, report.ignored, report.files] == [2, 2, 2])
        #expect(try test.paths() == ["a/picture.txt", "b.bin"])
        let items = try test.library.newest(limit: 10)
        let item = try #require(items.first { $0.name == "picture.txt" })
        let hash = try #require(ContentHasher()?.hash(png.withUnsafeBytes { $0 }))
        #expect(item.sha256 == hash.hex)
        #expect([item.width, item.height] == [30, 20])
        #expect(item.mime == "image/png" && item.size == png.count && item.root == root)
        #expect(item.added == test.library.clock.now && item.thumbnail == nil)
        #expect(try test.library.item(id: item.id) == item)
        let turned = try #require(items.first { $0.name == "b.bin" })
        #expect([turned.width, turned.height] == [20, 30])
        #expect(try test.library.content(hash)?.thumbnail == .wanted)
        #expect(try test.library.libraryCounts().files == 2)
    }

    @Test("A second scan without changes tells of nothing")
    func unchanged() throws {
        for index in 0..<5 { try folder.write(try TestPicture.png(8, 8, blue: UInt8(index)), "root/\(index).png") }
        try test.scan()
        let offset = test.library.journal.read { $0.offset }
        let report = try test.scan()
        #expect(report == ScanReport(files: 5))
        #expect(test.library.journal.read { $0.offset } == offset)
        #expect(try test.scan(full: true).hashed > 0)
        #expect(test.library.journal.read { $0.offset } == offset)
    }

    @Test("Another content at the same path keeps the file's id")
    func changed() throws {
        try folder.write(try TestPicture.png(8, 8), "root/a.png")
        try test.scan()
        let before = try #require(try test.library.newest(limit: 1).first)
        _ = test.events()
        try folder.write(try TestPicture.png(9, 9), "root/a.png")
        #expect(try test.scan().changed == 1)
        let after = try #require(try test.library.newest(limit: 1).first)
        #expect(after.id == before.id && after.sha256 != before.sha256 && after.width == 9)
        guard case .libraryChanged(let items)? = test.events().first else {
            Issue.record("no library.changed")
            return
        }
        #expect(items == [after])
        #expect(try test.library.libraryCounts() == LibraryCounts(contents: 1, files: 1, bytes: after.size))
    }

    @Test("A picture that becomes something else leaves the library")
    func noLonger() throws {
        try folder.write(try TestPicture.png(8, 8), "root/a.png")
        try test.scan()
        try folder.write(Array("now a text".utf8), "root/a.png")
        #expect(try test.scan().removed == 1)
        #expect(try test.library.libraryCounts() == LibraryCounts())
    }

    @Test("Removed files and whole folders leave the library, and are told of")
    func removed() throws {
        for path in ["a.png", "b.png", "deep/c.png", "deep/er/d.png", "deep/er/e.png", "deeper.png"] {
            try folder.write(try TestPicture.png(8, 8, blue: UInt8(path.utf8.count)), "root/\(path)")
        }
        try test.scan()
        let before = try test.library.newest(limit: 10)
        _ = test.events()
        try folder.remove("root/a.png")
        try folder.remove("root/deep")
        #expect(try test.scan().removed == 4)
        #expect(try test.paths() == ["b.png", "deeper.png"])
        var gone: [LibraryItem.Removed] = []
        for case .libraryRemoved(let items) in test.events() { gone += items }
        let expected = before.filter { $0.path == "a.png" || $0.path.hasPrefix("deep/") }
        #expect(Set(gone) == Set(expected.map { LibraryItem.Removed(id: $0.id, sha256: $0.sha256) }))
        #expect(try test.scan() == ScanReport(files: 2))
    }

    @Test("A folder renamed to the same text in other bytes is another folder")
    func composedAndDecomposed() throws {
        try folder.write(try TestPicture.png(8, 8), "root/caf\u{E9}/a.png")
        try test.scan()
        try folder.move("root/caf\u{E9}", "root/cafe\u{301}")
        try test.scan()
        #expect(try test.library.libraryCounts().files == 1)
        #expect(try test.scan() == ScanReport(files: 1))
    }

    @Test("Paths are compared by their bytes")
    func bytewise() {
        #expect(FolderPath.relative("/caf\u{E9}", to: "/cafe\u{301}") == nil)
        #expect(FolderPath.relative("/caf\u{E9}", to: "/caf\u{E9}") == "")
    }

    @Test("A moved file keeps its id and its content, with its thumbnail's state, and is told of as changed")
    func moved() throws {
        let path = try folder.write(try TestPicture.png(8, 8), "root/a.png")
        try test.scan()
        let item = try #require(try test.library.newest(limit: 1).first)
        let hash = try #require(ContentHash(hex: item.sha256))
        let content = try #require(try test.library.content(hash))
        _ = try test.store.setThumbnails([ThumbnailResult(content: content.id, hash: hash, outcome: .made)], at: 5)
        try folder.makeFolder("root/sub")
        try folder.move("root/a.png", "root/sub/z.png")
        _ = test.events()
        let report = try test.scan()
        #expect(report == ScanReport(files: 1, moved: 1))
        #expect(try test.paths() == ["sub/z.png"])
        let moved = try #require(try test.library.newest(limit: 1).first)
        #expect(moved.id == item.id)
        guard case .libraryChanged(let items)? = test.events().first else {
            Issue.record("no library.changed")
            return
        }
        #expect(items == [moved])
        #expect(try test.library.content(hash)?.id == content.id)
        #expect(try test.library.newest(limit: 1).first?.thumbnail == "/thumbnails/\(item.sha256).webp")
        #expect(try test.library.libraryCounts().contents == 1)
        #expect(!path.isEmpty)
    }

    @Test("Copies are several files of one content")
    func copies() throws {
        let bytes = try TestPicture.png(8, 8)
        for name in ["a", "b", "c/d"] { try folder.write(bytes, "root/\(name).png") }
        try test.scan()
        #expect(try test.library.libraryCounts() == LibraryCounts(contents: 1, files: 3, bytes: 3 * bytes.count))
    }

    @Test("Hidden names and excluded folders are left out")
    func hidden() throws {
        let bytes = try TestPicture.png(8, 8)
        for path in [".a.png", ".git/b.png", "c.png"] { try folder.write(bytes, "root/\(path)") }
        #expect(try test.scan().added == 1)
        // A root around the data directory does not take in the thumbnails.
        try test.folder.write(bytes, "data/thumbnails/ab/cd/x.webp")
        try test.folder.write(bytes, "data/output/y.png")
        try test.library.addRoot(test.folder.path)
        try test.scan()
        #expect(try test.paths() == ["c.png", "data/output/y.png"])
    }

    @Test("Links are not followed: no loop, nothing from outside, nothing twice")
    func links() throws {
        let outside = try folder.write(try TestPicture.png(8, 8, blue: 1), "outside/secret.png")
        try folder.write(try TestPicture.png(8, 8), "root/a/real.png")
        try folder.link("root/a/loop", to: "../a")
        try folder.link("root/self", to: root)
        try folder.link("root/twin.png", to: "a/real.png")
        try folder.link("root/secret.png", to: outside)
        try folder.link("root/secrets", to: folder.path + "/outside")
        try folder.link("root/broken", to: "nowhere")
        let report = try test.scan()
        #expect(try test.paths() == ["a/real.png"])
        #expect(report.skipped == 2)
        #expect(test.log().filter { $0.contains("leads out") }.count == 2)
    }

    @Test("Broken pictures are reported and skipped, the others come in")
    func corrupt() throws {
        try folder.write(Array(try TestPicture.png(8, 8).prefix(20)), "root/broken.png")
        try folder.write(try TestPicture.png(8, 8), "root/good.png")
        let report = try test.scan()
        #expect([report.added, report.corrupt] == [1, 1])
        #expect(test.log().contains { $0.contains("broken.png") && $0.contains("broken header") })
    }

    @Test("Names that are not UTF-8 are reported and skipped")
    func names() throws {
        let bytes = try TestPicture.png(8, 8)
        try folder.write(bytes, "root/plain.png")
        let wrong = root.utf8.map { CChar(bitPattern: $0) } + [47, -1, -2, 46, 112, 110, 103, 0]
        try #require(RawFile.copy(root + "/plain.png", toRaw: wrong))
        let report = try test.scan()
        #expect(try test.paths() == ["plain.png"])
        #expect(report.skipped == 1)
        #expect(test.log().contains { $0.contains("UTF-8") })
        #expect(try test.scan().files == 1)
    }

    @Test("A root that is gone keeps its files, and so does one that looks unmounted")
    func vanished() throws {
        try folder.write(try TestPicture.png(8, 8), "root/a.png")
        try test.scan()
        try folder.move("root", "elsewhere")
        let report = try test.scan()
        #expect(report.skipped == 1 && report.removed == 0)
        #expect(test.log().contains { $0.contains("kept") })
        #expect(try test.paths() == ["a.png"])

        // Another file system's empty folder in its place.
        try folder.makeFolder("root")
        let known = try #require(try knownRoot())
        try shiftDevice(known, by: 1)
        #expect(try test.scan().removed == 0)
        #expect(test.log().contains { $0.contains("unmounted") })
        #expect(try test.paths() == ["a.png"])

        // The same file system's empty folder: the files are really gone.
        try shiftDevice(known, by: 0)
        #expect(try test.scan().removed == 1)
        #expect(try test.paths().isEmpty)
    }

    @Test("One folder can be scanned alone")
    func part() throws {
        try folder.write(try TestPicture.png(8, 8), "root/a/x.png")
        try folder.write(try TestPicture.png(8, 8), "root/b/y.png")
        try test.scan(root + "/a")
        #expect(try test.paths() == ["a/x.png"])
        #expect(throws: Scanner.OutsideRoots.self) { try test.scan(folder.path) }
        #expect(throws: LibraryRootError.missing(root + "/none")) { try test.scan(root + "/none") }
    }

    @Test("Events tell of at most 100 items, after they are committed, and the last counts are right")
    func events() throws {
        for index in 0..<730 {
            try folder.write(try TestPicture.png(4 + index / 200, 4, blue: UInt8(index % 200)), "root/\(index).png")
        }
        let library = test.library
        var told = 0
        try test.scan()
        var last: LibraryCounts?
        for event in test.events() {
            switch event {
            case .libraryAdded(let items):
                #expect(items.count <= 100)
                told += items.count
            case .libraryCounts(let counts): last = counts
            default: break
            }
        }
        #expect(told == 730)
        #expect(last == (try library.libraryCounts()))
        #expect(library.journal.read { $0.library.counts } == last)
        #expect(library.journal.read { $0.library.newest } == (try library.newest(limit: LibraryBoard.newestLimit)))
    }

    @Test("When an event is told, the store has what it tells of")
    func committedFirst() throws {
        for index in 0..<600 {
            try folder.write(try TestPicture.png(4 + index / 200, 4, blue: UInt8(index % 200)), "root/\(index).png")
        }
        let checked = Checked()
        let store = test.store
        test.library.journal.listen { entry in
            guard case .libraryAdded(let items) = entry.event else { return }
            for item in items { checked.note((try? store.item(id: item.id)) == item) }
        }
        try test.scan()
        #expect(checked.results == Array(repeating: true, count: 600))
    }

    @Test("A scan that dies between two batches is made good by the next one")
    func killed() throws {
        for index in 0..<1300 {
            try folder.write(
                try TestPicture.png(4 + index / 200, 4, blue: UInt8(index % 200)),
                "root/\(index % 7)/\(index).png"
            )
        }
        // Once while it describes files, once while it hashes them.
        for isDescribing in [true, false] {
            let batches = Counter()
            let store = test.store
            let scanner = Scanner(library: test.library, threads: 2) {
                guard try isDescribing || store.mediaCount() == 1300 else { return }
                if batches.next() == 2 { throw SystemError(code: 5, action: "disk") }
            }
            #expect(throws: SystemError.self) { try scanner.scan() }
            #expect(try (store.mediaCount() < 1300) == isDescribing)
        }
        let half = try test.library.libraryCounts().files
        #expect(half > 0 && half < 1300)
        #expect(try test.scan().added == 1300 - half)
        #expect(try test.library.libraryCounts().files == 1300)
        #expect(try test.scan() == ScanReport(files: 1300))
    }

    @Test("A cancelled scan stops, and the next one ends with the right counts")
    func cancelled() throws {
        for index in 0..<1300 {
            try folder.write(try TestPicture.png(4 + index / 200, 4, blue: UInt8(index % 200)), "root/\(index).png")
        }
        let stop = StopFlag()
        let scanner = Scanner(library: test.library, threads: 2) { stop.set() }
        #expect(throws: CancellationError.self) { try scanner.scan(stop: stop) }
        #expect(try test.library.libraryCounts().files < 1300)
        try test.scan()
        #expect(try test.library.libraryCounts().files == 1300)
    }

    @Test("A folder of thousands of files is taken in batches that never exceed their bound")
    func flat() throws {
        let first = try folder.write(try TestPicture.png(8, 8), "root/0.png")
        for index in 1..<6000 { try RawFile.hardLink(first, root + "/\(index).png") }
        let last = Counter()
        let steps = Checked()
        let library = test.library
        let scanner = Scanner(library: library, threads: 2) {
            let files = try library.libraryCounts().files
            steps.note(files - last.exchange(files) <= ScanBatch.limit)
        }
        let report = try scanner.scan()
        #expect(report.added == 6000)
        #expect(steps.results.count >= 6000 / ScanBatch.limit && !steps.results.contains(false))
        #expect(try library.libraryCounts().contents == 1)
        #expect(try test.scan() == ScanReport(files: 6000))
    }

    @Test("A folder that cannot be read keeps its files")
    func unreadable() throws {
        try folder.write(try TestPicture.png(8, 8), "root/a/x.png")
        try folder.write(try TestPicture.png(8, 8), "root/b.png")
        try test.scan()
        // A link in place of the folder is refused like a folder without permission, for the superuser too.
        try folder.move("root", "real")
        try folder.link("root", to: "real")
        let report = try test.scan()
        #expect(report.skipped == 1 && report.removed == 0)
        #expect(try test.paths() == ["a/x.png", "b.png"])
    }

    @Test("Progress grows and ends at its total")
    func progress() throws {
        for index in 0..<40 { try folder.write(try TestPicture.png(8, 8, blue: UInt8(index)), "root/\(index).png") }
        let seen = Checked()
        let last = LastProgress()
        _ = try Scanner(library: test.library).scan(progress: { current, total, message in
            seen.note(last.set(current, total))
            #expect(message.contains("files/s"))
        })
        #expect(!seen.results.isEmpty && !seen.results.contains(false))
        #expect(last.value?.current == 40 && last.value?.total == 40)
    }
}
