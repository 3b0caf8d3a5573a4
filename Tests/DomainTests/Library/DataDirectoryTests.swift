import Foundation
import Testing

@testable import Domain

struct DataDirectoryTests {
    @Test("Opening makes the folders, and opening again finds them")
    func layout() throws {
        let folder = try TemporaryFolder()
        for _ in 0..<2 {
            let data = try DataDirectory(path: folder.path + "/new/data")
            for name in DataDirectory.Folder.allCases {
                var isFolder: ObjCBool = false
                #expect(
                    FileManager.default.fileExists(atPath: data[name], isDirectory: &isFolder) && isFolder.boolValue
                )
            }
            #expect(data.database == folder.path + "/new/data/vitrine.db")
        }
    }

    @Test("A data directory belongs to one at a time")
    func lock() throws {
        let folder = try TemporaryFolder()
        var first: DataDirectory? = try DataDirectory(path: folder.path)
        #expect(first?.path == folder.path)
        #expect(throws: DataDirectory.Failure.inUse(folder.path)) { try DataDirectory(path: folder.path) }
        first = nil
        #expect(throws: Never.self) { try DataDirectory(path: folder.path) }
    }

    @Test("A file in the way is an error")
    func inTheWay() throws {
        let folder = try TemporaryFolder()
        try folder.write([1], "file")
        try folder.write([1], "data/output")
        for path in ["/file", "/data"] {
            #expect(throws: DataDirectory.Failure.self) { try DataDirectory(path: folder.path + path) }
        }
    }

    @Test("Categories of models are single names")
    func models() throws {
        let folder = try TemporaryFolder()
        let data = try DataDirectory(path: folder.path)
        #expect(try data.models("loras") == folder.path + "/models/loras")
        for name in ["", ".", "..", "a/b", "../x", "a\0"] {
            #expect(throws: DataDirectory.Failure.self) { try data.models(name) }
        }
    }

    @Test("A thumbnail's place follows from its hash")
    func thumbnail() throws {
        let folder = try TemporaryFolder()
        let data = try DataDirectory(path: folder.path)
        let hex = "ab12" + String(repeating: "0", count: 60)
        let hash = try #require(ContentHash(hex: hex))
        #expect(data.thumbnail(hash) == folder.path + "/thumbnails/ab/12/\(hex).webp")
        #expect(ThumbnailPath.url(hash) == "/thumbnails/\(hex).webp")
    }
}
