import Foundation
import Testing

@testable import Domain

/// Which file stands for a content.
struct ContentFileTests {
    private func write(_ bytes: [UInt8], _ path: String) throws {
        try Data(bytes).write(to: URL(fileURLWithPath: path))
    }

    @Test("A content is found in a file that is as the scan saw it, and in no other")
    func found() throws {
        let test = try TestLibrary()
        let bytes = try TestPicture.png(4, 4)
        let folder = test.data[.input] + "/deep"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try write(bytes, test.data[.input] + "/a.png")
        try write(bytes, folder + "/b.png")
        try test.library.addRoot(test.data[.input])
        try test.scan()
        let item = try #require(try test.store.newestItems(limit: 1).first)
        let hash = try #require(ContentHash(hex: item.sha256))
        let first = try #require(try test.library.contentFile(hash))
        #expect(first.mime == "image/png")
        #expect(Array(try Data(contentsOf: URL(fileURLWithPath: first.path))) == bytes)
        // Other bytes under the same name are not this content, though no scan has noticed yet.
        try write(bytes + [0], first.path)
        let second = try #require(try test.library.contentFile(hash))
        #expect(second.path != first.path)
        try FileManager.default.removeItem(atPath: second.path)
        #expect(try test.library.contentFile(hash) == nil)
        let unknown = try #require(ContentHash(hex: String(repeating: "0", count: 64)))
        #expect(try test.library.contentFile(unknown) == nil)
    }
}
