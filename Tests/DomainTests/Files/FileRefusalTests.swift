import Foundation
import Testing

@testable import Domain

/// What is refused leaves nothing behind and is told in the client's words; what is named twice is done once.
struct FileRefusalTests {
    let bed: FileBed
    let files: FileOperations
    private let long = String(repeating: "x", count: 300)

    init() throws {
        bed = try FileBed()
        files = bed.operations()
    }

    private var disk: [String: String] { get throws { try bed.look().disk.filter { $0.value != "/" } } }

    @Test("A side-car named in the same call is copied once, in whatever order", arguments: [false, true])
    func namedSideCar(_ isFirst: Bool) async throws {
        let path = try bed.picture("one/a.png")
        let car = try bed.text("one/a.txt")
        let named = isFirst ? [car, path, car] : [path, car]
        #expect(try await files.copy(named, to: bed.other, policy: bed.policy) == [])
        #expect(try Set(disk.keys) == ["one/a.png", "one/a.txt", "two/a.png", "two/a.txt"])
        // A side-car that was there before is still in the way.
        try bed.folder.makeFolder("two/b")
        try bed.text("two/b/a.txt")
        await #expect(throws: FileFailure(path: path, error: .exists(bed.other + "/b/a.txt"))) {
            try await files.copy([path], to: bed.other + "/b", policy: bed.policy)
        }
    }

    @Test("Two pictures with one side-car are copied with it, as they are moved")
    func sharedSideCar() async throws {
        let paths = [try bed.picture("one/a.png"), try bed.picture("one/a.jpg")]
        try bed.text("one/a.txt")
        #expect(try await files.copy(paths, to: bed.other, policy: bed.policy) == [])
        #expect(try Set(disk.keys.filter { $0.hasPrefix("two") }) == ["two/a.png", "two/a.jpg", "two/a.txt"])
        try bed.folder.makeFolder("two/b")
        #expect(try await files.move(paths, to: bed.other + "/b", policy: bed.policy) == [])
        try bed.check()
    }

    @Test("A name that is too long is told by the system's number, a path that is too long too", arguments: [1, 20])
    func longNames(_ count: Int) async throws {
        let path = try bed.picture("one/a.png")
        let target = bed.other + String(repeating: "/" + long, count: count)
        let error = FileError.system(SystemError(code: ENAMETOOLONG, action: target))
        await #expect(throws: error) { try await files.makeFolder(target, policy: bed.policy) }
        await #expect(throws: FileError.missingFolder(target)) {
            try await files.move([path], to: target, policy: bed.policy)
        }
        for makes in [false, true] {
            await #expect(throws: FileFailure(path: path, error: error)) {
                try await files.copy([path], to: target, makingFolder: makes, policy: bed.policy)
            }
        }
        await #expect(throws: FileFailure(path: path, error: error)) {
            try await files.move([path], to: target, makingFolder: true, policy: bed.policy)
        }
        await #expect(throws: FileError.notFolder(target)) {
            try await files.flatten(target, isDry: true, policy: bed.policy)
        }
        let failures = try await files.copy([target], to: bed.other, continues: true, policy: bed.policy)
        #expect(failures.map(\.path) == [target])
        #expect(try Set(disk.keys) == ["one/a.png"])
    }

    @Test("No folder is made for a call that is refused")
    func noFolder() async throws {
        try bed.picture("one/f/a.png")
        let (folder, target) = (bed.root + "/f", bed.root + "/f/in/new")
        let before = try bed.look()
        await #expect(throws: FileFailure(path: folder, error: .intoItself(folder, folder: target))) {
            try await files.move([folder], to: target, makingFolder: true, policy: bed.policy)
        }
        await #expect(throws: FileFailure.self) {
            try await files.move([folder + "/none"], to: bed.other + "/new", makingFolder: true, policy: bed.policy)
        }
        await #expect(throws: FileFailure.self) {
            try await files.copy([folder], to: bed.other + "/new", makingFolder: true, policy: bed.policy)
        }
        #expect(try bed.look() == before)
    }

    @Test("A full disk is told of the path that the client knows, never of a hidden one")
    func fullDisk() async throws {
        let path = try bed.picture("one/a.png")
        try bed.picture("one/f/deep/b.png")
        let before = try bed.look()
        let files = bed.operations(FaultyFileSystem(devices: [bed.other], isFull: true))
        func full(_ path: String) -> FileError { .system(SystemError(code: ENOSPC, action: path)) }
        let failure = FileFailure(path: path, error: full(bed.other + "/a.png"))
        await #expect(throws: failure) { try await files.copy([path], to: bed.other, policy: bed.policy) }
        await #expect(throws: failure) { try await files.move([path], to: bed.other, policy: bed.policy) }
        let folder = bed.root + "/f"
        await #expect(throws: FileFailure(path: folder, error: full(bed.other + "/f/deep/b.png"))) {
            try await files.move([folder], to: bed.other, policy: bed.policy)
        }
        #expect(try bed.look() == before)
    }

    @Test("A name that is not UTF-8 stays where it is and is told; all others are flattened")
    func oddName() async throws {
        try bed.picture("one/f/x/a.png")
        try bed.picture("one/f/y/b.png")
        let odd = Array((bed.root + "/f/x/").utf8CString.dropLast()) + [CChar(bitPattern: 0xFF), 0]
        let descriptor = open(odd, O_CREAT | O_WRONLY, 0o600)
        try #require(descriptor >= 0)
        close(descriptor)
        let told = FileFailure(
            path: bed.root + "/f/x",
            error: .system(SystemError(code: EILSEQ, action: bed.root + "/f/x"))
        )
        let dry = try await files.flatten(bed.root + "/f", isDry: true, policy: bed.policy)
        #expect(dry.total == 2 && dry.failures == [told])
        let report = try await files.flatten(bed.root + "/f", isDry: false, policy: bed.policy)
        #expect(report.moved == 2 && report.failures == [told])
        #expect(try DiskFileSystem().names(in: bed.root + "/f").sorted() == ["a.png", "b.png", "x"])
        #expect(access(odd, F_OK) == 0)
    }

    #if os(Linux)
        @Test("When a file came here is its time of change, not of birth")
        func created() async throws {
            let path = try bed.text("one/a.txt")
            try await Task.sleep(for: .milliseconds(1_100))
            chmod(path, 0o600)
            var status = stat()
            try #require(stat(path, &status) == 0)
            let infos = try await files.infos([path], policy: bed.policy)
            #expect(infos.map(\.created) == [Int(status.st_ctim.tv_sec)])
        }
    #endif
}
