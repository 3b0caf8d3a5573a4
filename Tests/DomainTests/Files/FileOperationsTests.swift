import Foundation
import Testing

@testable import Domain

/// What operations on files do to the disk, to the rows and to those who listen.
struct FileOperationsTests {
    let bed: FileBed
    let files: FileOperations

    init() throws {
        bed = try FileBed()
        files = bed.operations()
    }

    private var disk: [String: String] { get throws { try bed.look().disk.filter { $0.value != "/" } } }

    @Test("A move takes the side-car and the row along, with id and tags, and is told of")
    func move() async throws {
        let path = try bed.picture("one/sub/a.png", tags: ["best", "like"])
        try bed.text("one/sub/a.txt")
        let id = try #require(try bed.look().rows.keys.first)
        _ = bed.test.events()
        #expect(try await files.move([path], to: bed.other, policy: bed.policy) == [])
        #expect(try disk == ["two/a.png": "picture one/sub/a.png", "two/a.txt": "text one/sub/a.txt"])
        #expect(try bed.look().rows == [id: "two/a.png holds picture one/sub/a.png tags best,like"])
        let changed = bed.test.events().compactMap { event in
            if case .libraryChanged(let items) = event { items.map { "\($0.id) \($0.root) \($0.path)" } } else { nil }
        }
        #expect(changed == [["\(id) \(bed.other) a.png"]])
        #expect(
            Set(bed.test.log().filter { $0.hasPrefix("changed") }) == [
                "changed \(bed.root)/sub", "changed \(bed.other)",
            ]
        )
        try bed.check()
    }

    @Test("A folder moves whole, between roots too, and every row below follows")
    func moveFolder() async throws {
        for name in ["one/f/a.png", "one/f/d/e/b.png", "one/f0/c.png"] { try bed.picture(name) }
        try bed.picture("one/f/unhashed.png", isHashed: false)
        let before = try bed.look().rows
        #expect(
            try await files.move([bed.root + "/f"], to: bed.other + "/new/er", makingFolder: true, policy: bed.policy)
                == []
        )
        let after = try bed.look().rows
        #expect(Set(after.keys) == Set(before.keys))
        #expect(
            after.values.map { String($0.prefix { $0 != " " }) }.sorted()
                == ["one/f0/c.png", "two/new/er/f/a.png", "two/new/er/f/d/e/b.png", "two/new/er/f/unhashed.png"]
        )
        let changed = bed.test.events().compactMap { event in
            if case .libraryChanged(let items) = event { items.map(\.path).sorted() } else { nil }
        }
        #expect(changed == [["new/er/f/a.png", "new/er/f/d/e/b.png"]])
        try bed.check()
    }

    @Test("A row that went unnoticed at the new path gives way, and what was said of it waits with its content")
    func staleTarget() async throws {
        let path = try bed.picture("one/a.png", tags: ["mine"])
        try bed.picture("two/a.png", tags: ["old"])
        try bed.folder.remove("two/a.png")
        _ = try await files.move([path], to: bed.other, policy: bed.policy)
        #expect(try bed.look().rows.values.map { $0 } == ["two/a.png holds picture one/a.png tags mine"])
        #expect(try bed.look().kept == 1)
        try bed.check()
    }

    @Test("Nothing is overwritten by a copy, a move or a new name, nor are side-cars")
    func conflicts() async throws {
        let path = try bed.picture("one/a.png")
        try bed.text("one/a.txt")
        try bed.picture("two/a.png")
        try bed.folder.makeFolder("two/car")
        try bed.text("two/car/a.txt")
        try bed.text("one/b.txt")
        let before = try bed.look()
        for target in ["/two", "/two/car"] {
            let taken = bed.folder.path + target + (target == "/two" ? "/a.png" : "/a.txt")
            let failure = FileFailure(path: path, error: .exists(taken))
            await #expect(throws: failure) {
                try await files.copy([path], to: bed.folder.path + target, policy: bed.policy)
            }
            await #expect(throws: failure) {
                try await files.move([path], to: bed.folder.path + target, policy: bed.policy)
            }
        }
        await #expect(throws: FileError.exists(bed.root + "/b.txt")) {
            try await files.rename(path, to: "b.png", policy: bed.policy)
        }
        await #expect(throws: FileError.exists(bed.root + "/a.png")) {
            try await files.rename(path, to: "a.png", policy: bed.policy)
        }
        #expect(try bed.look() == before)
        try bed.check()
    }

    @Test("A copy has the content, times and side-car of the original, and the rows stay")
    func copy() async throws {
        let path = try bed.picture("one/a.png")
        try bed.text("one/a.txt")
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSince1970: 1_500_000_000)],
            ofItemAtPath: path
        )
        let rows = try bed.look().rows
        #expect(try await files.copy([path], to: bed.other, policy: bed.policy) == [])
        #expect(try disk["two/a.png"] == "picture one/a.png")
        #expect(try disk["two/a.txt"] == "text one/a.txt")
        let node = try #require(try DiskFileSystem().node(bed.other + "/a.png"))
        #expect(node.modified == 1_500_000_000_000_000_000)
        #expect(try bed.look().rows == rows)
        #expect(bed.test.log().contains("changed \(bed.other)"))
        try bed.check()
    }

    @Test("Of many, the first failure ends it, or all are gathered; what was done stays")
    func gathering() async throws {
        let paths = try ["a", "b", "c"].map { try bed.picture("one/\($0).png") }
        try bed.text("two/b.png")
        await #expect(throws: FileFailure(path: paths[1], error: .exists(bed.other + "/b.png"))) {
            try await files.move(paths, to: bed.other, policy: bed.policy)
        }
        #expect(try Set(disk.keys) == ["two/a.png", "one/b.png", "one/c.png", "two/b.png"])
        let failures = try await files.move(
            Array(paths.dropFirst()),
            to: bed.other,
            continues: true,
            policy: bed.policy
        )
        #expect(failures == [FileFailure(path: paths[1], error: .exists(bed.other + "/b.png"))])
        #expect(try Set(disk.keys) == ["two/a.png", "one/b.png", "two/c.png", "two/b.png"])
        try bed.check()
    }

    @Test("A side-car that is named after its picture went with it, and is no failure")
    func namedSideCar() async throws {
        let path = try bed.picture("one/a.png")
        let car = try bed.text("one/a.txt")
        _ = try await files.copy([path, car], to: bed.other, policy: bed.policy)
        try await files.delete([path, car], policy: bed.policy)
        #expect(try Set(disk.keys) == ["two/a.png", "two/a.txt"])
        _ = try await files.move([bed.other + "/a.txt", bed.other + "/a.png"], to: bed.root, policy: bed.policy)
        #expect(try Set(disk.keys) == ["one/a.png", "one/a.txt"])
    }

    @Test("A new name takes the side-car and the row along; one of another suffix does too")
    func rename() async throws {
        let path = try bed.picture("one/sub/a.png")
        try bed.text("one/sub/a.txt")
        #expect(try await files.rename(path, to: "b.b.webp", policy: bed.policy) == bed.root + "/sub/b.b.webp")
        #expect(try Set(disk.keys) == ["one/sub/b.b.webp", "one/sub/b.b.txt"])
        #expect(try await files.rename(bed.root + "/sub/b.b.webp", to: "b.b.png", policy: bed.policy).hasSuffix(".png"))
        #expect(try Set(disk.keys) == ["one/sub/b.b.png", "one/sub/b.b.txt"])
        #expect(try await files.rename(bed.root + "/sub/", to: "other", policy: bed.policy) == bed.root + "/other")
        #expect(try bed.look().rows.values.map { $0 } == ["one/other/b.b.png holds picture one/sub/a.png tags kept"])
        try bed.check()
    }

    @Test(
        "A name that is no single one is refused",
        arguments: ["", ".", "..", "a/b", "../a", "/a", "a\0b", String(repeating: "x", count: 256)]
    )
    func badNames(_ name: String) async throws {
        let path = try bed.picture("one/a.png")
        await #expect(throws: FileError.badName(name)) { try await files.rename(path, to: name, policy: bed.policy) }
        try bed.check()
    }

    @Test(
        "Any other name is taken as it is",
        arguments: [
            "it's \"so\".png", "two\nlines.png", "\u{E9}.png", "e\u{301}.png",
            String(repeating: "x", count: 251) + ".png",
            "back\\slash.png", " .png", "*?[.png",
        ]
    )
    func oddNames(_ name: String) async throws {
        let path = try bed.picture("one/a.png")
        try bed.text("one/a.txt")
        let new = try await files.rename(path, to: name, policy: bed.policy)
        #expect(Array(new.utf8) == Array((bed.root + "/" + name).utf8))
        #expect(
            try bed.look().rows.values.map { $0 } == [
                FileBed.escaped("one/" + name) + " holds picture one/a.png tags kept"
            ]
        )
        try bed.check()
        #expect(try await files.move([new], to: bed.other, policy: bed.policy) == [])
        try await files.delete([bed.other + "/" + name], policy: bed.policy)
        #expect(try disk.isEmpty)
        try bed.check()
    }

    @Test("Names that are equal as texts but not as bytes are two files")
    func composed() async throws {
        let composed = try bed.picture("one/\u{E9}.png")
        let decomposed = try bed.picture("one/e\u{301}.png")
        _ = try await files.move([composed], to: bed.other, policy: bed.policy)
        #expect(try Set(disk.keys) == ["two/%c3%a9.png", "one/e%cc%81.png"])
        try await files.delete([decomposed], policy: bed.policy)
        #expect(try bed.look().rows.values.map { $0 } == ["two/%c3%a9.png holds picture one/\u{E9}.png tags kept"])
        try bed.check()
    }

    @Test("What is deleted is gone with its side-car and everything known of it; only empty folders are")
    func delete() async throws {
        let path = try bed.picture("one/f/a.png", tags: ["mine"])
        try bed.text("one/f/a.txt")
        let id = try #require(try bed.look().rows.keys.first)
        await #expect(throws: FileFailure(path: bed.root + "/f", error: .folderNotEmpty(bed.root + "/f"))) {
            try await files.delete([bed.root + "/f"], policy: bed.policy)
        }
        try bed.check()
        try await files.delete([path, bed.root + "/f"], policy: bed.policy)
        let now = try bed.look()
        #expect(now.disk == ["one": "/", "two": "/"])
        #expect(now.rows == [:])
        #expect(now.kept == 0)
        let removed = bed.test.events().compactMap { event in
            if case .libraryRemoved(let items) = event { items.map(\.id) } else { nil }
        }
        #expect(removed == [[id]])
        #expect(bed.test.library.journal.read { $0.library.counts }.files == 0)
        try bed.check()
    }

    @Test("The trash keeps what is deleted under its moment and path, and what was said of it waits")
    func trash() async throws {
        let bed = try FileBed(hasTrash: true)
        let files = bed.operations()
        for _ in 0..<2 {
            let path = try bed.picture("one/f/a.png", tags: ["mine"])
            try bed.text("one/f/a.txt")
            try await files.delete([path], policy: bed.policy)
            try bed.forgetHashes()
        }
        let now = try bed.look()
        #expect(now.rows == [:])
        #expect(now.kept == 2)
        let base = "trash/1970-01-01T00-16-40"
        for stamp in [base, base + "-2"] {
            #expect(now.disk[stamp + "/one/f/a.png"] == "picture one/f/a.png")
            #expect(now.disk[stamp + "/one/f/a.txt"] == "text one/f/a.txt")
        }
        try bed.check()
    }

    @Test("Flattening moves what lies below with its side-cars and removes what is empty then")
    func flatten() async throws {
        for name in ["one/f/top.png", "one/f/x/a.png", "one/f/x/y/b.mp4", "one/f/z/c.mp3"] { try bed.picture(name) }
        try bed.text("one/f/x/y/b.txt")
        try bed.text("one/f/z/notes.md")
        try bed.folder.makeFolder("one/f/empty/er")
        let dry = try await files.flatten(bed.root + "/f", isDry: true, policy: bed.policy)
        #expect(dry.total == 3 && dry.moved == 0)
        #expect(dry.conflicts.isEmpty && dry.failures.isEmpty)
        let before = try bed.look().rows
        let report = try await files.flatten(bed.root + "/f", isDry: false, policy: bed.policy)
        #expect(report.total == 3 && report.moved == 3)
        #expect(report.failures == [])
        let now = try bed.look()
        #expect(
            now.disk.keys.filter { $0.hasPrefix("one/f/") }.sorted()
                == ["a.png", "b.mp4", "b.txt", "c.mp3", "top.png", "z", "z/notes.md"].map { "one/f/" + $0 }
        )
        #expect(Set(now.rows.keys) == Set(before.keys))
        try bed.check()
    }

    @Test("Flattening does nothing when two would have one name, or one that is taken")
    func flattenConflicts() async throws {
        for name in [
            "one/f/x/a.png", "one/f/y/a.png", "one/f/x/b.png", "one/f/b.png", "one/f/x/c.png", "one/f/y/c.jpg",
        ] {
            try bed.picture(name)
        }
        try bed.text("one/f/x/c.txt")
        try bed.text("one/f/y/c.txt")
        let before = try bed.look()
        for isDry in [true, false] {
            let report = try await files.flatten(bed.root + "/f", isDry: isDry, policy: bed.policy)
            #expect(report.conflicts == ["a.png", "b.png", "c.txt"])
            #expect(report.total == 5 && report.moved == 0)
        }
        #expect(try bed.look() == before)
        await #expect(throws: FileError.notFolder(bed.root + "/no")) {
            try await files.flatten(bed.root + "/no", isDry: true, policy: bed.policy)
        }
    }

    @Test("A folder is not moved into itself, nor copied, and a missing destination is named")
    func folderFaults() async throws {
        try bed.picture("one/f/g/a.png")
        let folder = bed.root + "/f"
        let before = try bed.look()
        for target in [folder, folder + "/g"] {
            await #expect(throws: FileFailure(path: folder, error: .intoItself(folder, folder: target))) {
                try await files.move([folder], to: target, policy: bed.policy)
            }
        }
        await #expect(throws: FileError.missingFolder(bed.root + "/no")) {
            try await files.move([folder], to: bed.root + "/no", policy: bed.policy)
        }
        await #expect(throws: FileFailure(path: folder, error: .system(SystemError(code: EISDIR, action: folder)))) {
            try await files.copy([folder], to: bed.other, policy: bed.policy)
        }
        await #expect(throws: FileFailure(path: folder + "/no", error: .missing(folder + "/no"))) {
            try await files.move([folder + "/no"], to: bed.other, policy: bed.policy)
        }
        #expect(try bed.look() == before)
    }

    @Test("What a scan took for gone stays when an operation moved it, or has it in hand")
    func gone() async throws {
        let moved = try bed.picture("one/a.png")
        try bed.picture("one/f/b.png")
        let ids = try bed.look().rows.keys.sorted()
        _ = try await files.move([moved], to: bed.other, policy: bed.policy)
        var tags = TagCache()
        try bed.folder.move("one/f/b.png", "one/f/.hidden")
        let plan = FilePlan(rows: [.removed(bed.root + "/f/b.png", isKept: false)], folders: [bed.root + "/f"])
        let operation = try bed.store.beginOperation(plan, phase: .changing, at: 1, durably: true)
        _ = try bed.store.apply(ScanBatch(gone: ids), tags: &tags, at: 1)
        #expect(try bed.look().rows.keys.sorted() == ids)
        #expect(try !bed.store.isGone(folder: bed.root + "/f"))
        try bed.store.endOperation(operation)
        _ = try bed.store.apply(ScanBatch(gone: ids), tags: &tags, at: 1)
        #expect(try bed.look().rows.keys.sorted() == [ids[0]])
        #expect(try !bed.store.isGone(folder: bed.root + "/f"))
        try bed.folder.remove("one/f")
        #expect(try bed.store.isGone(folder: bed.root + "/f"))
    }

    @Test("A file changed after the plan was made is not taken for the one that was judged")
    func changedSource() async throws {
        let path = try bed.picture("one/a.png")
        let place = try files.changeable(path, bed.policy)
        try bed.folder.remove("one/a.png")
        try bed.folder.write(Array("another".utf8), "one/a.png")
        #expect(throws: FileError.system(SystemError(code: ESTALE, action: path))) {
            try files.move(place, to: bed.other + "/a.png", given: bed.other)
        }
        #expect(try disk == ["one/a.png": "another"])
        #expect(try bed.look().unfinished == 0)
    }

    @Test("A file written to while it is copied to another file system keeps its place")
    func changedWhileCopied() async throws {
        let disk = DiskFileSystem()
        try bed.text("one/a.md")
        try disk.copyTree(bed.root + "/a.md", to: bed.other + "/a.md")
        try disk.checkCopy(bed.other + "/a.md", of: bed.root + "/a.md")
        try bed.folder.write([1], "one/a.md")
        #expect(throws: SystemError(code: ESTALE, action: bed.root + "/a.md")) {
            try disk.checkCopy(bed.other + "/a.md", of: bed.root + "/a.md")
        }
    }
}
