import Foundation
import Testing

@testable import Domain

struct DemoLibraryTests {
    @Test("The demo pictures are copied once, and only pictures")
    func load() throws {
        let folder = try TemporaryFolder()
        let data = try DataDirectory(path: folder.path + "/data")
        try folder.write(try TestPicture.png(8, 8), "demo/a.png")
        try folder.write(try TestPicture.webP(8, 8), "demo/b.webp")
        try folder.write(Array("read me".utf8), "demo/README")
        try folder.link("demo/c.png", to: "a.png")
        #expect(try DemoLibrary.load(from: folder.path + "/demo", into: data) == 2)
        #expect(try DemoLibrary.load(from: folder.path + "/demo", into: data) == 0)
        let copied = try FileManager.default.contentsOfDirectory(atPath: data[.output] + "/demo").sorted()
        #expect(copied == ["a.png", "b.webp"])
        // A copy that was damaged is made good.
        try folder.write([1, 2, 3], "data/output/demo/a.png")
        #expect(try DemoLibrary.load(from: folder.path + "/demo", into: data) == 1)
        #expect(throws: LibraryRootError.self) { try DemoLibrary.load(from: folder.path + "/none", into: data) }
    }

    @Test("The pictures that come with the project all have thumbnails")
    func seeds() throws {
        let project = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let folder = project.appending(path: "seeds/demo").path
        let names = try FileManager.default.contentsOfDirectory(atPath: folder)
        #expect(names.count == 24)
        for name in names {
            let bytes = try WholeFile.read(folder + "/" + name, limit: 1 << 20)
            #expect(PictureDecoder.inspect(try Thumbnail.make(bytes)).type == .webp, "\(name)")
        }
    }
}
