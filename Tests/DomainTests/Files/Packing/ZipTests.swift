import Foundation
import Logging
import Testing

@testable import Domain

/// What archives are made of; Python's zipfile and unzip(1) read them in the end-to-end tests.
struct ZipTests {
    let bed: FileBed
    let files: FileOperations

    init() throws {
        bed = try FileBed()
        files = bed.operations()
    }

    private func bytes(_ stream: ZipStream) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        while let piece = try await stream.next() {
            #expect(!piece.isEmpty && piece.count <= 300 << 10)
            bytes += piece
        }
        return bytes
    }

    /// The entries of an archive, read with nothing but the format's description.
    private func entries(_ archive: [UInt8]) throws -> [(name: String, size: Int, crc: Int, method: Int, data: [UInt8])]
    {
        func number(_ at: Int, _ count: Int) -> Int {
            (0..<count).reduce(0) { $0 | Int(archive[at + $1]) << (8 * $1) }
        }
        let end = archive.count - 22
        #expect(number(end, 4) == 0x0605_4B50)
        var at = number(end + 16, 4)
        return (0..<number(end + 10, 2)).map { _ in
            #expect(number(at, 4) == 0x0201_4B50)
            #expect(number(at + 8, 2) == 0x0808)
            let (nameLength, extraLength) = (number(at + 28, 2), number(at + 30, 2))
            let name = String(decoding: archive[(at + 46)..<(at + 46 + nameLength)], as: UTF8.self)
            let start = number(at + 42, 4)
            #expect(number(start, 4) == 0x0403_4B50)
            let data = start + 30 + number(start + 26, 2) + number(start + 28, 2)
            let packed = Array(archive[data..<(data + number(at + 20, 4))])
            #expect(number(data + packed.count, 4) == 0x0807_4B50)
            #expect(number(data + packed.count + 4, 4) == number(at + 16, 4))
            let entry = (name, number(at + 24, 4), number(at + 16, 4), number(at + 10, 2), packed)
            at += 46 + nameLength + extraLength
            return entry
        }
    }

    @Test("Stored entries hold the files as they are, in order, and the length is known before")
    func stored() async throws {
        let big = (0..<700_000).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
        let paths = [
            try bed.folder.write(Array("123456789".utf8), "one/é.png"), try bed.folder.write([], "one/empty.png"),
            try bed.folder.write(big, "two/big.png"),
        ]
        let stream = try await files.pack(paths, isDeflated: false, policy: bed.policy)
        let archive = try await bytes(stream)
        #expect(archive.count == stream.length)
        let entries = try entries(archive)
        #expect(entries.map(\.name) == ["é.png", "empty.png", "big.png"])
        #expect(entries.map(\.method) == [0, 0, 0])
        #expect(entries.map(\.data) == [Array("123456789".utf8), [], big])
        #expect(entries[0].crc == 0xCBF4_3926)
        #expect(try await stream.next() == nil)
    }

    @Test("Deflated entries are smaller where they can be")
    func deflated() async throws {
        let path = try bed.folder.write([UInt8](repeating: 7, count: 600_000), "one/a.png")
        let stream = try await files.pack([path], isDeflated: true, policy: bed.policy)
        #expect(stream.length == nil)
        let entry = try #require(try entries(try await bytes(stream)).first)
        #expect(entry.method == 8 && entry.size == 600_000 && entry.data.count < 2_000)
    }

    @Test("Files of one name are kept apart, also by case, and one that is named twice comes once")
    func names() async throws {
        let paths = try ["one/a.png", "two/a.png", "one/sub/A.png", "one/a (2).png", "one/plain", "two/plain"].map {
            try bed.folder.write([1], $0)
        }
        let stream = try await files.pack(
            paths + [paths[0], bed.root + "/./a.png"],
            isDeflated: false,
            policy: bed.policy
        )
        #expect(
            try entries(try await bytes(stream)).map(\.name)
                == ["a.png", "a (2).png", "A (3).png", "a (2) (2).png", "plain", "plain (2)"]
        )
    }

    @Test("No files make an empty archive, which is one")
    func nothing() async throws {
        let archive = try await bytes(try await files.pack([], isDeflated: false, policy: bed.policy))
        #expect(archive == [0x50, 0x4B, 5, 6] + [UInt8](repeating: 0, count: 18))
    }

    @Test("More than the bounds allow, what is no file and what is missing is refused before anything is read")
    func bounds() async throws {
        let paths = try (0..<4).map { try bed.folder.write([1, 2, 3], "one/\($0).png") }
        for (limits, isFine) in [
            (PackingLimits(files: 4, bytes: 12), true), (PackingLimits(files: 3, bytes: 12), false),
            (PackingLimits(files: 4, bytes: 11), false),
        ] {
            let files = FileOperations(
                library: bed.test.library,
                packing: limits,
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            )
            let result = try? await files.pack(paths, isDeflated: false, policy: bed.policy)
            #expect((result != nil) == isFine)
        }
        for path in [bed.root, bed.root + "/none.png", "relative"] {
            await #expect(throws: FileError.notFile(path)) {
                try await files.pack([path], isDeflated: false, policy: bed.policy)
            }
        }
    }

    @Test("A file that vanished or changed since fails the stream", arguments: ["gone", "longer", "other", "link"])
    func changed(_ how: String) async throws {
        let first = try bed.folder.write([1], "one/1.png")
        let path = try bed.folder.write([1, 2, 3], "one/2.png")
        let stream = try await files.pack([first, path], isDeflated: false, policy: bed.policy)
        _ = try await stream.next()
        switch how {
        case "gone": try bed.folder.remove("one/2.png")
        case "longer": try bed.folder.write([1, 2, 3, 4], "one/2.png")
        case "other":
            try FileManager.default.setAttributes(
                [.modificationDate: Date(timeIntervalSince1970: 5)],
                ofItemAtPath: path
            )
        default:
            try bed.folder.remove("one/2.png")
            try bed.folder.link("one/2.png", to: first)
        }
        await #expect(throws: FileError.self) { while try await stream.next() != nil {} }
    }

    @Test("Past four gibibytes and 65,535 entries the structure is ZIP64")
    func large() throws {
        var writer = ZipWriter()
        let size = 5 << 30
        let entry = ZipWriter.Entry(name: [0x61], size: size, modified: ZipTime(secondsSince1970: 0), isDeflated: false)
        let header = writer.begin(entry)
        #expect(Array(header[18..<26]) == [UInt8](repeating: 0xFF, count: 8) && header[28] == 20)
        #expect(writer.end(.init(crc: 1, size: size, packedSize: size)).count == 24)
        var small = entry
        small.size = 1
        _ = writer.begin(small)
        #expect(writer.end(.init(crc: 1, size: 1, packedSize: 1)).count == 16)
        let end = writer.finish()
        // Both sizes of the first entry, and where the second begins, stand in extra fields of the directory.
        #expect(end.count == 46 + 1 + 4 + 16 + 46 + 1 + 4 + 8 + 56 + 20 + 22)
        #expect(end.suffix(22).prefix(4).elementsEqual([0x50, 0x4B, 5, 6]))
        #expect(writer.offset == header.count + size + 24 + 31 + 1 + 16 + end.count)

        var many = ZipWriter()
        for _ in 0..<65_535 {
            _ = many.begin(small)
            _ = many.end(.init())
        }
        #expect(many.finish().suffix(98).prefix(4).elementsEqual([0x50, 0x4B, 6, 6]))
    }

    @Test("Times are those of the clock on the wall, within what the format can say")
    func times() {
        let time = ZipTime(year: 2026, month: 11, day: 21, hour: 17, minute: 45, second: 31)
        #expect(time.date == 46 << 9 | 11 << 5 | 21 && time.time == 17 << 11 | 45 << 5 | 15)
        #expect(ZipTime(year: 1970, month: 1, day: 1, hour: 5, minute: 5, second: 5).date == 1 << 5 | 1)
        #expect(ZipTime(year: 2200, month: 1, day: 1, hour: 0, minute: 0, second: 0).date >> 9 == 127)
        #expect(ZipTime(year: 2016, month: 12, day: 31, hour: 23, minute: 59, second: 60).time & 31 == 29)
    }

    @Test("Kept archives have the name of the moment, never replace one, and only some are kept")
    func kept() async throws {
        let path = try bed.folder.write([1], "one/a.png")
        let exports = bed.test.data[.exports]
        var folder = ArchiveFolder(path: exports)
        folder.limit = 3
        try Data([1]).write(to: URL(fileURLWithPath: exports + "/other.zip"))
        try Data([1]).write(to: URL(fileURLWithPath: exports + "/.vitrine-1.part"))
        let now = Int(Date().timeIntervalSince1970) * 1000
        var names: [String] = []
        for _ in 0..<3 {
            let stream = try await files.pack([path], isDeflated: false, policy: bed.policy)
            names.append(FolderPath.name(of: try folder.keep(stream, now: now)))
        }
        let base = try #require(names.first?.dropLast(4))
        #expect(base.wholeMatch(of: /iib_batch_download_\d{4}-\d\d-\d\d-\d\d-\d\d-\d\d/) != nil)
        #expect(names == [base + ".zip", base + "-2.zip", base + "-3.zip"])
        let old = Date(timeIntervalSince1970: Double(now) / 1000 - 3600)
        try FileManager.default.setAttributes([.modificationDate: old], ofItemAtPath: exports + "/" + names[1])
        let stream = try await files.pack([path], isDeflated: false, policy: bed.policy)
        _ = try folder.keep(stream, now: now + 5000)
        #expect(!FileManager.default.fileExists(atPath: exports + "/" + names[1]))
        #expect(try DiskFileSystem().names(in: exports).count == 5)
        // Long after, however long this took.
        folder.clean(now: now + folder.age + 3_600_000)
        #expect(try Set(DiskFileSystem().names(in: exports)) == ["other.zip"])
    }

    @Test("An archive that fails half-way is not kept")
    func keptHalf() async throws {
        let path = try bed.folder.write([1, 2, 3], "one/a.png")
        let stream = try await files.pack([path], isDeflated: false, policy: bed.policy)
        try bed.folder.remove("one/a.png")
        await #expect(throws: FileError.system(SystemError(code: ENOENT, action: path))) {
            try await files.keep(stream)
        }
        #expect(try DiskFileSystem().names(in: bed.test.data[.exports]).isEmpty)
    }
}
