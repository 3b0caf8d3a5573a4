import Foundation
import Testing

@testable import Domain

struct FileListingTests {
    let folder: TemporaryFolder
    let library: String

    init() throws {
        folder = try TemporaryFolder()
        library = try folder.makeFolder("library")
    }

    private var policy: PathPolicy { PathPolicy(readable: nil, library: [library]) }

    private func list(_ path: String, _ policy: PathPolicy? = nil) throws -> [String: FileInfo] {
        let listing = try FileListing(folder: path, policy: policy ?? self.policy)
        return Dictionary(uniqueKeysWithValues: listing.entries.map { (FileBed.escaped($0.name), $0) })
    }

    @Test("Files, folders, hidden ones and links are told with size, times and where they really lie")
    func entries() throws {
        let file = try folder.write([1, 2, 3], "library/a.png")
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSince1970: 1_500_000_000.9)],
            ofItemAtPath: file
        )
        try folder.write([], "library/.hidden")
        try folder.makeFolder("library/sub")
        try folder.write([1], "elsewhere/b.png")
        try folder.link("library/link.png", to: folder.path + "/elsewhere/b.png")
        try folder.link("library/gone", to: folder.path + "/nothing")
        try folder.link("way", to: library)
        let entries = try list(folder.path + "/way")
        #expect(Set(entries.keys) == ["a.png", ".hidden", "sub", "link.png"])
        let now = Int(Date().timeIntervalSince1970)
        let a = try #require(entries["a.png"])
        #expect(a.path == file && a.size == 3 && a.modified == 1_500_000_000 && a.isInLibrary)
        #expect(abs(a.created - now) < 600)
        #expect(entries["sub"]?.size == nil && entries[".hidden"]?.size == 0)
        #expect(entries["link.png"]?.path == folder.path + "/elsewhere/b.png")
        #expect(entries["link.png"]?.isInLibrary == false)
        let above = try list(folder.path)
        #expect(above["library"]?.isInLibrary == true && above["elsewhere"]?.isInLibrary == false)
    }

    @Test("Of a large folder, which several threads read, every entry is told once, in the folder's order")
    func large() throws {
        for number in 0..<1_500 { try folder.write([UInt8](repeating: 1, count: number % 7), "library/\(number).png") }
        let listing = try FileListing(folder: library, policy: policy)
        #expect(listing.entries.count == 1_500)
        let sizes = Dictionary(uniqueKeysWithValues: listing.entries.map { ($0.name, $0.size) })
        for number in 0..<1_500 { #expect(sizes["\(number).png"] == number % 7) }
        let stream = try #require(opendir(library))
        defer { closedir(stream) }
        let names = FolderNames(stream, of: library)
        var order: [String] = []
        while let run = names.next() { order += run.names.map(\.text) }
        #expect(listing.entries.map(\.name) == order)
    }

    @Test("A missing folder is empty; a file in its place is a fault")
    func faults() throws {
        #expect(try list(folder.path + "/none").isEmpty)
        #expect(try list("").isEmpty)
        #expect(try list(folder.path + "/a\0b").isEmpty)
        let file = try folder.write([1], "library/a.png")
        #expect(throws: FileError.system(SystemError(code: ENOTDIR, action: file))) { try list(file) }
        #expect(try list(file + "/below").isEmpty)
    }

    @Test("Under access control only what may be seen is shown: what lies inside, and the way to it")
    func access() throws {
        try folder.write([1], "library/a.png")
        try folder.makeFolder("library-2/x")
        try folder.link("library/out", to: folder.path + "/library-2")
        let narrow = PathPolicy(readable: [library], library: [library])
        #expect(try Set(list(folder.path, narrow).keys) == ["library"])
        #expect(try Set(list(library, narrow).keys) == ["a.png"])
        #expect(throws: FileError.forbidden(folder.path + "/library-2")) {
            try list(folder.path + "/library-2", narrow)
        }
        #expect(throws: FileError.forbidden(library + "/out")) { try list(library + "/out", narrow) }
    }

    @Test("Names that are not UTF-8 are left out, equal texts of different bytes are not")
    func names() throws {
        let bytes: [CChar] = Array(library.utf8CString.dropLast()) + [0x2F, CChar(bitPattern: 0xFF), 0x2E, 0x70, 0]
        let descriptor = open(bytes, O_CREAT | O_WRONLY, 0o644)
        #expect(descriptor >= 0)
        close(descriptor)
        for name in ["\u{E9}.png", "e\u{301}.png", "a\nb.png"] { try folder.write([1], "library/" + name) }
        #expect(try Set(list(library).keys) == ["%c3%a9.png", "e%cc%81.png", "a%ab.png"])
    }

    @Test("Of many entries each has its own facts")
    func many() throws {
        for number in 0..<1100 {
            let descriptor = open("\(library)/\(number)", O_CREAT | O_WRONLY, 0o644)
            #expect(ftruncate(descriptor, number) == 0)
            close(descriptor)
        }
        let entries = try list(library)
        #expect(entries.count == 1100)
        #expect(entries.allSatisfy { $0.value.size.map(String.init) == $0.key })
    }
}
