import Foundation
import Testing

@testable import Domain

struct ModelFileWalkTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// Types and their folders below the test's.
    private func walk(
        _ kinds: [(name: String, folders: [String])],
        type: String? = nil,
        excluded: [String] = []
    ) -> (files: [String], unreadable: Int, warnings: [String]) {
        let folders = ModelFolders(
            kinds: kinds.map { .init(name: $0.name, folders: $0.folders.map { "\(folder.path)/\($0)" }) }
        )
        var walk = ModelFileWalk(folders: folders, excluded: Set(excluded.map { "\(folder.path)/\($0)" }))
        var warnings: [String] = []
        walk.walk(type: type, goesOn: { _, _ in true }, warn: { warnings.append($0) })
        let files = walk.files.map { "\($0.type):\($0.path.dropFirst(folder.path.utf8.count + 1))" }
        return (files, walk.unreadable, warnings)
    }

    private func write(_ names: String...) throws {
        for name in names { try folder.write([1], name) }
    }

    @Test("Files are found by their suffixes, in any case, in the order of folders and names")
    func suffixes() throws {
        try write("m/b.SafeTensors", "m/a.ckpt", "m/x.txt", "m/none", "m/.hidden.pt", "m/z/deep/c.gguf", "m/y/d.pt")
        try write("m/e.pt.part", "m/.cache/f.pt", "m/g.")
        let found = walk([("m", ["m"])])
        #expect(found.files == ["m:m/a.ckpt", "m:m/b.SafeTensors", "m:m/y/d.pt", "m:m/z/deep/c.gguf"])
        #expect(found.unreadable == 0 && found.warnings == [])
    }

    @Test("Each type has suffixes of its own, and one without any takes all files")
    func ownSuffixes() throws {
        try write("a/x.pt", "a/x.bin", "b/y.anything", "b/y")
        let kinds: [ModelFolders.Kind] = [
            .init(name: "a", folders: [folder.path + "/a"], suffixes: ["bin"]),
            .init(name: "b", folders: [folder.path + "/b"], suffixes: []),
        ]
        var walk = ModelFileWalk(folders: ModelFolders(kinds: kinds), excluded: [])
        walk.walk(type: nil, goesOn: { _, _ in true }, warn: { _ in })
        #expect(walk.files.map { FolderPath.name(of: $0.path) } == ["x.bin", "y", "y.anything"])
    }

    @Test("Missing folders are passed over; what is no folder is told")
    func missing() throws {
        try write("m/a.pt", "file")
        let found = walk([("m", ["none", "m", "none/deep"]), ("n", ["file"])])
        #expect(found.files == ["m:m/a.pt"])
        #expect(found.warnings.count == 1 && found.warnings.allSatisfy { $0.contains("/file") })
        #expect(walk([("m", ["m"]), ("n", ["file"])], type: "m").warnings == [])
    }

    @Test("Links lead nobody in circles")
    func loops() throws {
        try write("m/a/x.pt")
        try folder.link("m/a/up", to: "..")
        try folder.link("m/a/self", to: "self")
        try folder.link("m/round", to: folder.path + "/m/other")
        try folder.link("m/other", to: folder.path + "/m/round")
        try folder.link("m/loop.pt", to: "loop.pt")
        let found = walk([("m", ["m"])])
        #expect(found.files == ["m:m/a/x.pt"])
        // Only what is called like a model counts.
        #expect(found.unreadable == 1)
    }

    @Test("A linked folder is walked once, and by its real path when that is in a folder of models")
    func linkedFolders() throws {
        try write("m/z/x.pt", "out/deep/y.pt")
        try folder.link("m/a", to: folder.path + "/m/z")
        try folder.link("m/b", to: folder.path + "/out")
        try folder.link("m/c", to: folder.path + "/out/deep")
        try folder.link("m/d", to: folder.path + "/out")
        #expect(walk([("m", ["m"])]).files == ["m:m/z/x.pt", "m:m/b/deep/y.pt"])
    }

    @Test("What a link leads to in a folder of another type is left to the scan of that type")
    func linkedTypes() throws {
        try write("c/sub/x.pt", "c/y.pt", "c/.hidden/z.pt")
        try folder.makeFolder("l")
        try folder.link("l/shared", to: folder.path + "/c/sub")
        try folder.link("l/y.pt", to: folder.path + "/c/y.pt")
        try folder.link("l/z.pt", to: folder.path + "/c/.hidden/z.pt")
        let kinds = [("c", ["c"]), ("l", ["l"])]
        #expect(walk(kinds, type: "l").files == ["l:l/z.pt"])
        #expect(walk(kinds).files.sorted() == ["c:c/sub/x.pt", "c:c/y.pt", "l:l/z.pt"])
    }

    @Test(
        "A linked file keeps the path of its link, and is left out when it is a model of its own or was linked before"
    )
    func linkedFiles() throws {
        try write("m/x.pt", "blobs/0123", "blobs/y.pt")
        try folder.link("m/a.pt", to: "x.pt")
        try folder.link("m/b.pt", to: "../blobs/0123")
        try folder.link("m/c.pt", to: "../blobs/y.pt")
        try folder.link("m/d.pt", to: "c.pt")
        try folder.link("m/gone.pt", to: "nothing")
        try folder.link("m/gone.txt", to: "nothing")
        let found = walk([("m", ["m"])])
        #expect(found.files == ["m:m/x.pt", "m:m/b.pt", "m:m/c.pt"])
        #expect(found.unreadable == 1 && found.warnings.count == 1)
    }

    @Test("A folder inside that of another type is the inner type's alone")
    func nested() throws {
        try write("m/a.pt", "m/loras/b.pt", "m/loras/deep/c.pt", "m/loras/deep/again/d.pt")
        let kinds = [("other", ["m", "m/loras/deep"]), ("loras", ["m/loras"])]
        let found = ["other:m/a.pt", "other:m/loras/deep/c.pt", "other:m/loras/deep/again/d.pt", "loras:m/loras/b.pt"]
        #expect(walk(kinds).files == found)
        #expect(walk(kinds.reversed()).files.sorted() == found.sorted())
        #expect(walk(kinds, type: "loras").files == ["loras:m/loras/b.pt"])
        #expect(walk(kinds, type: "other").files == found.filter { $0.hasPrefix("other") })
    }

    @Test("A folder of two types is the first one's, unless the other is asked for")
    func shared() throws {
        try write("m/a.pt", "m/deep/b.pt")
        try folder.link("n", to: "m")
        let kinds = [("one", ["m", "m"]), ("two", ["n"])]
        #expect(walk(kinds).files == ["one:m/a.pt", "one:m/deep/b.pt"])
        #expect(walk(kinds, type: "two").files == ["two:n/a.pt", "two:n/deep/b.pt"])
    }

    @Test("Folders that are left out are, whichever way leads there")
    func excluded() throws {
        try write("m/a.pt", "m/own/b.pt", "m/own/deep/c.pt")
        try folder.link("m/link", to: folder.path + "/m/own/deep")
        try folder.link("m/b.pt", to: folder.path + "/m/own/b.pt")
        #expect(walk([("m", ["m"])], excluded: ["m/own"]).files == ["m:m/a.pt"])
        #expect(walk([("m", ["m"])], excluded: ["m/own", "m/a.pt"]).files == [])
        #expect(walk([("m", ["m/own/deep"])], excluded: ["m/own"]).files == [])
        #expect(walk([("m", ["m"])], excluded: ["m"]).files == [])
    }

    @Test("The pictures beside a model come in the order of what may stand there")
    func pictures() throws {
        try write("m/a.safetensors", "m/a.preview.png", "m/a.webp", "m/b.pt", "m/b.JPG", "m/c.v2.pt", "m/c.png")
        try write("m/d.pt", "m/d.png", "m/d.jpg", "m/e.pt", "m/e.preview.jpeg", "m/f.pt", "m/f.gif")
        try folder.makeFolder("m/c.v2.png")
        var walk = ModelFileWalk(
            folders: ModelFolders(kinds: [.init(name: "m", folders: [folder.path + "/m"])]),
            excluded: []
        )
        walk.walk(type: nil, goesOn: { _, _ in true }, warn: { _ in })
        #expect(
            walk.files.map { $0.pictures.map { FolderPath.name(of: $0) } } == [
                ["a.webp", "a.preview.png"], ["b.JPG"], [], ["d.png", "d.jpg"], ["e.preview.jpeg"], [],
            ]
        )
    }

    @Test("A walk ends when it may not go on")
    func stopped() throws {
        try write("m/a/x.pt", "m/b/y.pt")
        var walk = ModelFileWalk(
            folders: ModelFolders(kinds: [.init(name: "m", folders: [folder.path + "/m"])]),
            excluded: []
        )
        var folders: [String] = []
        walk.walk(
            type: nil,
            goesOn: { path, _ in
                folders.append(FolderPath.name(of: path))
                return folders.count < 3
            },
            warn: { _ in }
        )
        #expect(folders == ["m", "a", "b"] && walk.files.count == 1)
    }
}
