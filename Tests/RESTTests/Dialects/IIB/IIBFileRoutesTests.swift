import Domain
import Foundation
import OrderedCollections
import Testing

@testable import REST

/// Listing and changing files (contracts/iib.md §1).
@Suite struct IIBFileRoutesTests {
    let server: IIBServer
    let root: String

    init() throws {
        server = try IIBServer()
        root = server.root
    }

    private func write(_ name: String, _ text: String = "x") throws {
        try server.folder.write(text, to: "library/" + name)
    }

    private func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: root + "/" + name) }

    private func names(_ folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    }

    // MARK: - Looking

    @Test func `a folder's entries are told in the contract's shape`() async throws {
        try write("a.png", String(repeating: "x", count: 2048))
        try write("sub/b.txt")
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSince1970: 1_500_000_000)],
            ofItemAtPath: root + "/a.png"
        )
        let answer = try await server.get("/files", ["folder_path": root])
        #expect(answer.status == 200)
        let entries = try #require(answer.json["files"]?.array)
        #expect(Set(entries.compactMap { $0["name"]?.string }) == [".keep", "a.png", "sub"])
        let file = try #require(entries.first { $0["name"] == "a.png" })
        guard case .object(let members) = file else { return #expect(Bool(false)) }
        #expect(
            Array(members.keys) == [
                "type", "date", "size", "name", "bytes", "created_time", "fullpath", "is_under_scanned_path",
            ]
        )
        var time = LocalTimeWriter()
        #expect(file["type"] == "file" && file["size"] == "2.00 KB" && file["bytes"] == 2048)
        #expect(file["date"]?.string == time.text(1_500_000_000))
        #expect(file["fullpath"]?.string == root + "/a.png" && file["is_under_scanned_path"] == true)
        let folder = try #require(entries.first { $0["name"] == "sub" })
        #expect(folder["type"] == "dir" && folder["size"] == "-" && folder["bytes"] == nil)
    }

    @Test func `a missing folder is empty, a file in its place a fault, no folder at all 422`() async throws {
        try write("a.png")
        #expect(try await server.get("/files", ["folder_path": root + "/none"]).text == #"{"files":[]}"#)
        let fault = try await server.get("/files", ["folder_path": root + "/a.png"])
        #expect(fault.status == 400)
        #expect(fault.detail?.string == "[Errno 20] Not a directory: '\(root)/a.png'")
        let missing = try await server.get("/files")
        #expect(missing.status == 422)
        #expect(missing.detail?.array?.first?["loc"] == ["query", "folder_path"])
        #expect(missing.detail?.array?.first?["type"] == "missing")
    }

    @Test func `under access control a folder outside is 400 with the words of 403`() async throws {
        let server = try IIBServer(IIBConfiguration(rule: .library))
        let answer = try await server.get("/files", ["folder_path": "/etc"])
        #expect(answer.status == 400)
        #expect(answer.text == #"{"detail":"403: Forbidden"}"#)
        let above = try await server.get("/files", ["folder_path": server.folder.path])
        #expect(above.json["files"]?.array?.compactMap { $0["name"]?.string } == ["library"])
    }

    @Test func `facts of paths are keyed by the path as given; a missing one is 404, a foreign one 403`() async throws {
        try write("a.png", "abc")
        let answer = try await server.post("/batch_get_files_info", ["paths": [.string(root + "/./a.png"), "/etc"]])
        #expect(answer.status == 200)
        #expect(answer.json[root + "/./a.png"]?["fullpath"]?.string == root + "/a.png")
        #expect(answer.json[root + "/./a.png"]?["size"] == "3.00 B")
        #expect(answer.json["/etc"]?["type"] == "dir")
        #expect(answer.json["/etc"]?["is_under_scanned_path"] == true)
        let missing = try await server.post("/batch_get_files_info", ["paths": [.string(root + "/none")]])
        #expect(missing.status == 404)
        #expect(missing.text == #"{"detail":"Not Found"}"#)
        let closed = try IIBServer(IIBConfiguration(rule: .library))
        let foreign = try await closed.post("/batch_get_files_info", ["paths": ["/etc/passwd"]])
        #expect(foreign.status == 403)
        #expect(foreign.text == #"{"detail":"Forbidden"}"#)
    }

    @Test func `which paths exist is told of each, and of those that may not be seen they do not`() async throws {
        try write("a.png")
        let paths: JSON = ["paths": [.string(root + "/a.png"), .string(root + "/none"), "/etc/passwd"]]
        let answer = try await server.post("/check_path_exists", paths)
        #expect(answer.text == #"{"\#(root)/a.png":true,"\#(root)/none":false,"/etc/passwd":true}"#)
        #expect(try await server.post("/check_path_exists", ["paths": [""]]).text == #"{"":false}"#)
        let closed = try IIBServer(IIBConfiguration(rule: .library))
        let narrow = try await closed.post("/check_path_exists", ["paths": ["/etc/passwd", .string(closed.root)]])
        #expect(narrow.text == #"{"/etc/passwd":false,"\#(closed.root)":true}"#)
    }

    // MARK: - Changing

    @Test func `folders are made with those above them, only in the library`() async throws {
        for _ in 0..<2 {
            let answer = try await server.post("/mkdirs", ["dest_folder": .string(root + "/x/y")])
            #expect(answer.status == 200)
            #expect(answer.text == "null")
        }
        #expect(exists("x/y"))
        try write("file")
        let fault = try await server.post("/mkdirs", ["dest_folder": .string(root + "/file/x")])
        #expect(fault.status == 400)
        #expect(fault.detail?.string?.hasPrefix("[Errno 20] Not a directory") == true)
        let outside = try await server.post("/mkdirs", ["dest_folder": .string(server.folder.path + "/out")])
        #expect(outside.status == 403)
        #expect(!FileManager.default.fileExists(atPath: server.folder.path + "/out"))
    }

    @Test func `files go with their side-cars, empty folders too; others are named`() async throws {
        for name in ["a.png", "a.txt", "full/b.png"] { try write(name) }
        let answer = try await server.post("/delete_files", ["file_paths": [.string(root + "/a.png")]])
        #expect(answer.status == 200)
        #expect(answer.text == #"{"ok":true}"#)
        #expect(!exists("a.png") && !exists("a.txt"))
        let full = try await server.post("/delete_files", ["file_paths": [.string(root + "/full")]])
        #expect(full.status == 400)
        #expect(full.detail == "When a folder is not empty, it is not allowed to be deleted.")
        let gone = try await server.post("/delete_files", ["file_paths": [.string(root + "/a.png")]])
        #expect(gone.status == 400)
        #expect(
            gone.detail?.string
                == "Error deleting file \(root)/a.png: [Errno 2] No such file or directory: '\(root)/a.png'"
        )
        let itself = try await server.post("/delete_files", ["file_paths": [.string(root)]])
        #expect(itself.status == 403)
        #expect(exists("full/b.png"))
    }

    @Test func `copies are made, what is there stays, and faults are told or gathered`() async throws {
        for name in ["a.png", "a.txt", "b.png", "to/b.png"] { try write(name, name) }
        let target = root + "/to"
        let first: JSON = ["file_paths": [.string(root + "/a.png")], "dest": .string(target)]
        let answer = try await server.post("/copy_files", first)
        #expect(answer.status == 200)
        #expect(answer.text == #"{"errors":[]}"#)
        #expect(try names(target) == ["a.png", "a.txt", "b.png"])
        let taken = "Error copying file \(root)/b.png to \(target): [Errno 17] File exists: '\(target)/b.png'"
        let second = try await server.post(
            "/copy_files",
            ["file_paths": [.string(root + "/b.png")], "dest": .string(target)]
        )
        #expect(second.status == 400)
        #expect(second.detail?.string == taken)
        #expect(try String(contentsOfFile: target + "/b.png", encoding: .utf8) == "to/b.png")
        let gathered = try await server.post(
            "/copy_files",
            [
                "file_paths": [.string(root + "/b.png"), .string(root + "/to")], "dest": .string(target),
                "continue_on_error": true,
            ]
        )
        #expect(gathered.status == 200)
        #expect(
            gathered.json["errors"]?.array?.compactMap(\.string) == [
                taken, "Error copying file \(root)/to to \(target): [Errno 21] Is a directory: '\(root)/to'",
            ]
        )
        let made = try await server.post(
            "/copy_files",
            ["file_paths": [.string(root + "/b.png")], "dest": .string(root + "/new"), "create_dest_folder": true]
        )
        #expect(made.status == 200)
        #expect(exists("new/b.png"))
    }

    @Test func `moves follow the same rules, with the words of Python's shutil`() async throws {
        for name in ["a.png", "a.txt", "b.png", "to/b.png", "f/g/c.png"] { try write(name) }
        let target = root + "/to"
        func move(_ name: String, _ folder: String, _ more: KeyValuePairs<String, JSON> = [:]) async throws
            -> TestServer.Answer
        {
            var body: JSON = ["file_paths": [.string(root + "/" + name)], "dest": .string(folder)]
            if case .object(var members) = body {
                for (key, value) in more { members[key] = value }
                body = .object(members)
            }
            return try await server.post("/move_files", body)
        }
        #expect(try await move("a.png", target).text == #"{"errors":[]}"#)
        #expect(try names(target) == ["a.png", "a.txt", "b.png"])
        let taken = try await move("b.png", target)
        #expect(taken.status == 400)
        #expect(
            taken.detail?.string
                == "Error moving file \(root)/b.png to \(target): Destination path '\(target)/b.png' already exists"
        )
        let missing = try await move("b.png", root + "/none")
        #expect(missing.status == 400)
        #expect(missing.detail?.string == "Destination folder \(root)/none does not exist.")
        #expect(try await move("b.png", root + "/none", ["create_dest_folder": true]).status == 200)
        #expect(exists("none/b.png"))
        let itself = try await move("f", root + "/f/g")
        #expect(
            itself.detail?.string
                == "Error moving file \(root)/f to \(root)/f/g: Cannot move a directory '\(root)/f' into itself "
                + "'\(root)/f/g'."
        )
        let gathered = try await move("nothing.png", target, ["continue_on_error": true])
        #expect(gathered.status == 200)
        #expect(
            gathered.json["errors"]?.array?.compactMap(\.string) == [
                "Error moving file \(root)/nothing.png to \(target): [Errno 2] No such file or directory: "
                    + "'\(root)/nothing.png'"
            ]
        )
        #expect(try await move("f", server.folder.path).status == 403)
        #expect(exists("f/g/c.png"))
    }

    @Test func `a name that is too long is told in the words of each call`() async throws {
        try write("a.png")
        let (path, target) = (root + "/a.png", root + "/" + String(repeating: "x", count: 300))
        let words = "[Errno 36] File name too long: '\(target)'"
        func ask(_ endpoint: String, _ body: JSON) async throws -> String? {
            let answer = try await server.post(endpoint, body)
            #expect(answer.status == 400)
            return answer.detail?.string
        }
        let plain: JSON = ["file_paths": [.string(path)], "dest": .string(target)]
        let making: JSON = ["file_paths": [.string(path)], "dest": .string(target), "create_dest_folder": true]
        #expect(try await ask("/mkdirs", ["dest_folder": .string(target)]) == words)
        #expect(try await ask("/move_files", plain) == "Destination folder \(target) does not exist.")
        #expect(try await ask("/move_files", making) == "Error moving file \(path) to \(target): \(words)")
        #expect(try await ask("/copy_files", plain) == "Error copying file \(path) to \(target): \(words)")
        #expect(try await ask("/copy_files", making) == "Error copying file \(path) to \(target): \(words)")
        #expect(try await ask("/flatten_folder", ["folder_path": .string(target)]) == "Not a folder: \(target)")
    }

    @Test func `many that make the same new folder at once all may`() async throws {
        for round in 0..<20 {
            let folder = JSON.string("\(root)/many/\(round)/a/b/c")
            try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<8 {
                    group.addTask { try await server.post("/mkdirs", ["dest_folder": folder]).status }
                }
                for try await status in group { #expect(status == 200) }
            }
        }
    }

    @Test func `a new name is given with the side-car; taken, missing and bad ones are told`() async throws {
        for name in ["a.png", "a.txt", "b.png"] { try write(name) }
        func rename(_ path: String, _ name: String) async throws -> TestServer.Answer {
            try await server.post("/db/rename", ["path": .string(path), "name": .string(name)])
        }
        let answer = try await rename(root + "/a.png", "c.png")
        #expect(answer.status == 200)
        #expect(answer.text == #"{"detail":"File renamed successfully","new_path":"\#(root)/c.png"}"#)
        #expect(exists("c.png") && exists("c.txt") && !exists("a.txt"))
        let taken = try await rename(root + "/c.png", "b.png")
        #expect(taken.status == 400 && taken.detail == "A file with the new name already exists")
        let missing = try await rename(root + "/none.png", "x.png")
        #expect(missing.status == 404 && missing.detail == "File not found")
        let climbing = try await rename(root + "/c.png", "../c.png")
        #expect(climbing.status == 400 && climbing.detail == "Invalid file name")
        #expect(try await rename("/etc/passwd", "x").status == 403)
        #expect(try names(root) == [".keep", "b.png", "c.png", "c.txt"])
    }

    @Test func `flattening is tried first, refused with conflicts, and then done`() async throws {
        for name in ["f/x/a.png", "f/x/a.txt", "f/y/b.mp4", "f/z/n.md"] { try write(name) }
        let folder = JSON.string(root + "/f")
        let dry = try await server.post("/flatten_folder", ["folder_path": folder])
        #expect(dry.text == #"{"success":true,"total_files":2,"conflicts":[],"moved_files":0,"errors":[]}"#)
        try write("f/y/a.png")
        let conflict = try await server.post("/flatten_folder", ["folder_path": folder])
        #expect(
            conflict.text == #"{"success":false,"total_files":3,"conflicts":["a.png"],"moved_files":0,"errors":[]}"#
        )
        let refused = try await server.post("/flatten_folder", ["folder_path": folder, "dry_run": false])
        #expect(refused.status == 400 && refused.detail == "Cannot flatten: 1 filename conflicts found")
        try FileManager.default.removeItem(atPath: root + "/f/y/a.png")
        let done = try await server.post("/flatten_folder", ["folder_path": folder, "dry_run": false])
        #expect(done.text == #"{"success":true,"total_files":2,"conflicts":[],"moved_files":2,"errors":[]}"#)
        #expect(try names(root + "/f") == ["a.png", "a.txt", "b.mp4", "z"])
        let none = try await server.post("/flatten_folder", ["folder_path": .string(root + "/none")])
        #expect(none.status == 400 && none.detail?.string == "Not a folder: \(root)/none")
    }

    @Test(arguments: [
        "/mkdirs", "/delete_files", "/copy_files", "/move_files", "/db/rename", "/flatten_folder", "/zip",
    ])
    func `who may not write may not change`(_ path: String) async throws {
        let server = try IIBServer(IIBConfiguration(permission: .readOnly))
        let answer = try await server.post(path, ["file_paths": []])
        #expect(answer.status == 403)
        #expect(answer.detail?.string?.hasPrefix("User is not authorized") == true)
    }

    @Test(arguments: [
        ("/mkdirs", "dest_folder"), ("/delete_files", "file_paths"), ("/copy_files", "dest"), ("/move_files", "dest"),
        ("/db/rename", "name"), ("/flatten_folder", "folder_path"), ("/zip", "pack_only"),
        ("/batch_get_files_info", "paths"), ("/check_path_exists", "paths"),
    ])
    func `a member that is missing is named`(_ path: String, _ member: String) async throws {
        let answer = try await server.post(path, [:])
        #expect(answer.status == 422)
        let places = answer.detail?.array?.compactMap { $0["loc"]?.array?.compactMap(\.string) } ?? []
        #expect(places.contains(["body", member]))
    }

    @Test func `paths are quoted as Python quotes them`() {
        for (text, quoted) in [
            ("/a", "'/a'"), ("it's", "\"it's\""), ("a\"b", "'a\"b'"), ("'\"", "'\\'\"'"),
            ("a\\b\n\t\r", "'a\\\\b\\n\\t\\r'"),
            ("\u{1}\u{7F}", "'\\x01\\x7f'"), ("é中", "'é中'"), ("\u{A0}\u{200B}\u{E000}", "'\\xa0\\u200b\\ue000'"),
            ("\u{10FFFF}", "'\\U0010ffff'"),
        ] {
            #expect(PythonOSError.quoted(text) == quoted)
        }
        #expect(
            PythonOSError.text(SystemError(code: 13, action: "/x")) == "[Errno 13] Permission denied: '/x'"
        )
    }
}
