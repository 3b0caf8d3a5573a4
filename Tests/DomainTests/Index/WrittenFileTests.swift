import Foundation
import Synchronization
import Testing

@testable import Domain

/// Files that are written to in place and then look as before: of the same size, and their time put back.
struct WrittenFileTests {
    let index: IndexUnderTest
    private let watcher = Watcher()

    /// Someone who watches and says what the test told him.
    private final class Watcher: ChangeSource {
        let written = Mutex<(folders: DirtyFolders, files: Set<ByteText>)>((.nothing, []))

        func say(_ path: String) {
            written.withLock {
                $0.folders = $0.folders.joined(.folders([ByteText(FolderPath.folder(of: path))]))
                $0.files.insert(ByteText(path))
            }
        }

        var dirty: DirtyFolders { written.withLock { $0.folders } }

        func takeDirty() -> DirtyFolders {
            written.withLock { written in
                defer { written.folders = .nothing }
                return written.folders
            }
        }

        func takeWritten() -> Set<ByteText> {
            written.withLock { written in
                defer { written.files = [] }
                return written.files
            }
        }
    }

    init() throws { index = try IndexUnderTest() }

    private var path: String { index.root + "/a.png" }

    private func write(_ word: String) throws {
        try index.date(try index.write(TestPicture.described(8, TestPicture.prompt(word)), "a.png"), 1_234_567_890)
    }

    private func hash() throws -> ContentHash? {
        try index.test.library.newest(limit: 1).first.flatMap { ContentHash(hex: $0.sha256) }
    }

    /// Looks again at the file as a scan does.
    private func verify(
        stop: StopFlag = StopFlag(),
        isWanted: Bool = false
    ) throws -> (Set<ByteText>, left: Set<ByteText>) {
        var paths: Set<ByteText> = [ByteText(path), ByteText(index.root + "/none.png"), "/elsewhere"]
        let folders = try index.test.library.verify(&paths, stop: stop) { isWanted }
        return (folders, paths)
    }

    @Test("Such a file is found out, and read anew under its id")
    func rewritten() async throws {
        index.test.library.passes.use(watcher)
        try write("red castle")
        try index.scan()
        try index.tag("a.png", "mine")
        let (id, before) = (try index.id("a.png"), try #require(try hash()))
        try write("red forest")
        watcher.say(path)
        try await index.index.update()
        let deadline = ContinuousClock.now + .seconds(120)
        func text() throws -> String? { try index.column("text", "a.png") }
        while try text()?.hasPrefix("red forest") != true || hash() == before, .now < deadline {
            try await Task.sleep(for: .milliseconds(10))
        }
        #expect(try text()?.hasPrefix("red forest") == true && index.id("a.png") == id)
        #expect(try hash() != before && index.tags("a.png") == ["mine"])
        // Until the scan has ended, what is read last may not be there yet.
        index.test.library.passes.turn.withLock { _ in }
        #expect(try index.problems() == [])
    }

    @Test("One that holds what it held stays as it is, and nobody hears of it")
    func same() throws {
        try write("red castle")
        try index.scan()
        _ = index.test.events()
        #expect(try verify() == ([], left: []))
        #expect(index.test.events().isEmpty)
        #expect(try index.store.unhashedFiles(after: 0, limit: 9).isEmpty)
        #expect(try index.scan() == ScanReport(files: 1))
    }

    @Test("The former content is served until another is known; then that is")
    func served() throws {
        try write("red castle")
        try index.scan()
        let before = try #require(try hash())
        try write("red forest")
        try index.scan()
        #expect(try hash() == before && index.test.library.contentFile(before) != nil)
        #expect(try verify() == ([ByteText(index.root)], left: []))
        let now = try #require(try hash())
        #expect(try now != before && index.test.library.contentFile(now) != nil)
        #expect(try index.column("text", "a.png").map { (text: String) in text.hasPrefix("red castle") } == true)
        try index.scan()
        #expect(try index.column("text", "a.png").map { (text: String) in text.hasPrefix("red forest") } == true)
        #expect(try index.problems() == [])
    }

    @Test("One that is broken now, or whole now, is read anew as well")
    func broken() throws {
        try write("red castle")
        try index.scan()
        let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        for isBroken in [true, false] {
            var now = [UInt8](bytes)
            if isBroken { now[0] = 0 }
            try index.date(try index.write(now, "a.png"), 1_234_567_890)
            #expect(try verify() == ([ByteText(index.root)], left: []))
            try index.scan()
            #expect(try index.test.library.libraryCounts().files == (isBroken ? 0 : 1))
            #expect(try index.problems() == [])
        }
    }

    @Test("It gives way to what is urgent, ends when it is told to, and leaves what looks otherwise to the next scan")
    func givingWay() throws {
        try write("red castle")
        try index.scan()
        #expect(try verify(isWanted: true) == ([], left: [ByteText(path)]))
        let stop = StopFlag()
        stop.set()
        #expect(throws: CancellationError.self) { try verify(stop: stop) }
        try index.write(TestPicture.described(9, TestPicture.prompt("longer than before")), "a.png")
        #expect(try verify() == ([], left: []))
        try index.scan()
        #expect(try verify() == ([], left: []))
        #expect(try index.problems() == [])
    }
}
