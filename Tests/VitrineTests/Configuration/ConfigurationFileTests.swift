import Foundation
import Testing

@testable import vitrine

@Suite struct ConfigurationFileTests {
    private func read(_ text: String) throws(ConfigurationError) -> ConfigurationFile {
        try ConfigurationFile(text: text, name: "v.yaml", known: ServerConfiguration.fileKeys)
    }

    @Test("values, lists in both styles, and comments are read, with their lines")
    func good() throws {
        let file = try read(
            "# mine\nport: 9000\nlibrary: [/a, \"/b c\"]\nallow-host:\n  - one\n  - two\ninsecure: yes\n"
        )
        #expect(file.settings["port"] == GivenSetting(["9000"], from: .key("port", file: "v.yaml", line: 2)))
        #expect(file.settings["library"]?.values == ["/a", "/b c"])
        #expect(file.settings["library"]?.isList == true)
        #expect(file.settings["allow-host"]?.values == ["one", "two"])
        #expect(file.settings["insecure"]?.values == ["yes"])
    }

    @Test("a file that says nothing is good", arguments: ["", "\n", "# only a comment\n", "---\n", "{}", "~"])
    func empty(text: String) throws {
        #expect(try read(text).settings.isEmpty)
    }

    @Test(
        "what is wrong is named, with the line where it is known",
        arguments: [
            ("port: 1\nprot: 2\n", "prot (v.yaml, line 2): there is no setting of this name"),
            ("max_body: 2\n", "max_body (v.yaml, line 1): there is no setting of this name"),
            ("config: x\n", "config (v.yaml, line 1): there is no setting of this name"),
            ("- port\n", "v.yaml: a mapping"), ("port\n", "v.yaml: a mapping"),
            ("port:\n", "port (v.yaml, line 1): a value is missing"),
            ("host: x\nport: ~\n", "port (v.yaml, line 2): a value is missing"),
            ("port: {a: 1}\n", "port (v.yaml, line 1): a value or a list"),
            ("library: [[a]]\n", "library (v.yaml, line 1): a list may hold"),
            ("library: [a, ~]\n", "library (v.yaml, line 1): a list may hold"),
            ("[a]: 1\n", "v.yaml, line 1: a key"), ("port: 1\nport: 2\n", "port stands there twice"),
            ("port: [1\n", "v.yaml, line"), ("port: 1\n\thost: x\n", "v.yaml, line 2"),
            ("host: \u{0}\n", "v.yaml"),
        ]
    )
    func bad(text: String, message: String) throws {
        let error = try #require(throws: ConfigurationError.self) { try read(text) }
        #expect(error.message.contains(message), "\(error.message)")
        #expect(!error.message.contains("\n"))
    }

    @Test("a quoted empty text is a value, and left to the setting")
    func quoted() throws {
        #expect(try read("host: \"\"\n").settings["host"]?.values == [""])
    }

    @Test("a file that is missing, a folder, too large, or not UTF-8 is refused by its path")
    func unreadable() throws {
        try withTemporaryFolder { folder in
            try Data([0x70, 0xFF, 0xFE]).write(to: URL(fileURLWithPath: folder + "/bytes.yaml"))
            try write(String(repeating: "#", count: ConfigurationFile.limit + 1), to: folder + "/large.yaml")
            for path in [folder + "/none.yaml", folder, folder + "/bytes.yaml", folder + "/large.yaml"] {
                let error = try #require(throws: ConfigurationError.self) {
                    try ConfigurationFile(path: path, known: [])
                }
                #expect(error.message.contains(path))
            }
        }
    }
}
