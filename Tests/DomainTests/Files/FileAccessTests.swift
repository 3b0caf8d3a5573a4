import Foundation
import Testing

@testable import Domain

/// No call reaches out of the library's folders, whatever links lie about.
struct FileAccessTests {
    let bed: FileBed
    let files: FileOperations
    let outside: String

    init() throws {
        bed = try FileBed()
        files = bed.operations()
        outside = try bed.folder.makeFolder("outside")
        try bed.text("outside/secret.png")
        try bed.folder.makeFolder("outside/empty")
        try bed.picture("one/a.png")
        try bed.folder.link("one/way", to: outside)
        try bed.folder.link("one/secret.png", to: outside + "/secret.png")
        try bed.folder.link("one/dangling.png", to: outside + "/nothing")
    }

    /// With access control over the first root alone.
    private var narrow: PathPolicy { PathPolicy(readable: [bed.root], library: [bed.root, bed.other]) }

    private func expectNoChange(_ body: () async throws -> Void) async throws {
        let before = try bed.look()
        try await body()
        #expect(try bed.look() == before)
    }

    private func expectForbidden(_ path: String, _ body: () async throws -> Void) async {
        do {
            try await body()
            Issue.record("\(path) was let through")
        } catch let failure as FileFailure {
            #expect(failure.error == .forbidden(path))
        } catch {
            #expect(error as? FileError == .forbidden(path))
        }
    }

    @Test(
        "Sources outside are refused by whatever path",
        arguments: [
            "/outside/secret.png", "/one/way/secret.png", "/one/way/empty", "/one/../outside/secret.png",
            "/one/way/../outside/secret.png",
        ]
    )
    func sources(_ name: String) async throws {
        let path = bed.folder.path + name
        try await expectNoChange {
            await expectForbidden(path) { try await files.delete([path], policy: bed.policy) }
            await expectForbidden(path) { _ = try await files.move([path], to: bed.other, policy: bed.policy) }
            await expectForbidden(path) { _ = try await files.rename(path, to: "x.png", policy: bed.policy) }
            await expectForbidden(path) { _ = try await files.copy([path], to: bed.root, policy: narrow) }
        }
    }

    @Test(
        "Destinations outside are refused by whatever path",
        arguments: [
            "/outside", "/one/way", "/one/way/new", "/one/dangling.png/x", "/one/../outside/new",
            "/one/sub/../../outside",
        ]
    )
    func destinations(_ name: String) async throws {
        let target = bed.folder.path + name
        try await expectNoChange {
            for makes in [false, true] {
                await expectForbidden(target) {
                    _ = try await files.move([bed.root + "/a.png"], to: target, makingFolder: makes, policy: bed.policy)
                }
                await expectForbidden(target) {
                    _ = try await files.copy([bed.root + "/a.png"], to: target, makingFolder: makes, policy: bed.policy)
                }
            }
            await expectForbidden(target) { try await files.makeFolder(target, policy: bed.policy) }
            await expectForbidden(target) { _ = try await files.flatten(target, isDry: true, policy: bed.policy) }
        }
    }

    @Test("The folders of the library themselves stay, and so does what the server keeps for itself")
    func roots() async throws {
        try await expectNoChange {
            for path in [bed.root, bed.root + "/", bed.root + "/.", bed.folder.path, "/", "one", ""] {
                await expectForbidden(path) { try await files.delete([path], policy: bed.policy) }
                await expectForbidden(path) { _ = try await files.move([path], to: bed.other, policy: bed.policy) }
                await expectForbidden(path) { _ = try await files.rename(path, to: "x", policy: bed.policy) }
            }
        }
        // A root that lies around the data folder.
        let data = bed.test.data
        let wide = PathPolicy(readable: nil, library: [bed.test.folder.path, bed.root])
        let own = OwnFolders(data: data, trash: nil, excluded: bed.test.library.excluded)
        for path in [data.path, data.database, data[.thumbnails], data[.output], data.path + "/new"] {
            #expect(!own.mayChange(path))
            await expectForbidden(path) { _ = try await files.rename(path, to: "x", policy: wide) }
        }
        #expect(own.mayChange(data[.output] + "/a.png"))
        for folder in [data.path, data[.exports], data[.thumbnails] + "/x"] {
            #expect(!own.mayFill(folder))
            await expectForbidden(folder) { _ = try await files.copy([bed.root + "/a.png"], to: folder, policy: wide) }
        }
        #expect(own.mayFill(data[.output]))
    }

    @Test("A link is moved and deleted itself; what it leads to stays, and is what a copy holds")
    func links() async throws {
        _ = try await files.copy([bed.root + "/secret.png"], to: bed.other, policy: bed.policy)
        #expect(try bed.look().disk["two/secret.png"] == "text outside/secret.png")
        _ = try await files.move([bed.root + "/dangling.png"], to: bed.other, policy: bed.policy)
        #expect(try bed.look().disk["two/dangling.png"] == "→")
        try await files.delete([bed.root + "/secret.png", bed.root + "/way"], policy: bed.policy)
        let disk = try bed.look().disk
        #expect(disk["one/secret.png"] == nil && disk["one/way"] == nil)
        #expect(disk["outside/secret.png"] == "text outside/secret.png" && disk["outside/empty"] == "/")
    }

    @Test("Under access control a link out of it is refused, and a side-car that leads out too")
    func narrowed() async throws {
        try bed.folder.link("one/a.txt", to: outside + "/secret.png")
        try await expectNoChange {
            for path in ["/secret.png", "/way", "/way/secret.png"] {
                let path = bed.root + path
                await expectForbidden(path) { try await files.delete([path], policy: narrow) }
                await expectForbidden(path) { _ = try await files.pack([path], isDeflated: false, policy: narrow) }
                await expectForbidden(path) { _ = try await files.infos([path], policy: narrow) }
                #expect(try await files.exist([path], policy: narrow) == [false])
            }
            try bed.folder.makeFolder("one/sub")
            await expectForbidden(bed.root + "/a.txt") {
                _ = try await files.copy([bed.root + "/a.png"], to: bed.root + "/sub", policy: narrow)
            }
            await expectForbidden(bed.other) {
                _ = try await files.move([bed.root + "/a.png"], to: bed.other, policy: narrow)
            }
            try bed.folder.remove("one/sub")
        }
    }

    @Test("A folder that became a link after it was judged leads nowhere")
    func swapped() async throws {
        try bed.picture("one/sub/b.png")
        let disk = DiskFileSystem()
        try bed.folder.move("one/sub", "one/was")
        try bed.folder.link("one/sub", to: outside)
        #expect(throws: SystemError.self) { try disk.removeFile(bed.root + "/sub/secret.png") }
        #expect(throws: SystemError.self) { try disk.rename(bed.root + "/a.png", to: bed.root + "/sub/a.png") }
        #expect(throws: SystemError.self) { try disk.copyFile(bed.root + "/a.png", to: bed.root + "/sub/a.png") }
        #expect(throws: SystemError.self) { try disk.makeFolder(bed.root + "/sub/new") }
        #expect(try Set(disk.names(in: outside)) == ["secret.png", "empty"])
    }

    @Test("A slash with a combining mark behind it still separates")
    func combiningSlash() async throws {
        let path = bed.root + "/../\u{301}x"
        #expect(PathPolicy.resolved(path) == nil || !bed.policy.mayFill(path))
        await expectForbidden(path) { try await files.makeFolder(path, policy: bed.policy) }
    }

    @Test("A pipe is not copied, and nothing waits for it")
    func pipes() async throws {
        mkfifo(bed.root + "/p.png", 0o600)
        let failures = try await files.copy([bed.root + "/p.png"], to: bed.other, continues: true, policy: bed.policy)
        #expect(failures.map(\.error) == [.system(SystemError(code: EINVAL, action: bed.root + "/p.png"))])
        await #expect(throws: FileError.notFile(bed.root + "/p.png")) {
            try await files.pack([bed.root + "/p.png"], isDeflated: false, policy: bed.policy)
        }
    }
}
