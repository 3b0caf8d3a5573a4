import Domain
import REST
import Testing

@testable import vitrine

/// The variables of Infinite Image Browsing itself, and who may come when they are set.
@Suite struct IIBVariablesTests {
    private func configuration(_ environment: [String: String]) throws -> ServerConfiguration {
        try ServerConfiguration(
            flags: GivenFlags(),
            configurationPath: nil,
            environment: environment,
            findFolder: { _ in nil }
        )
    }

    @Test("without variables everything is open, at the usual place")
    func defaults() throws {
        let configuration = try configuration([:])
        #expect(configuration.iib == IIBVariables())
        let iib = configuration.iibConfiguration
        #expect(iib.base == "/infinite_image_browsing")
        #expect(iib.permission == .readWrite)
        #expect(iib.rule == .everything)
        #expect(iib.language == .english)
        #expect(!configuration.needsToken)
        #expect(try self.configuration(["IIB_SECRET_KEY": "", "IIB_ACCESS_CONTROL": ""]).iib == IIBVariables())
    }

    @Test("the secret key is an operator's token, is not logged, and lets other hosts be listened on")
    func secretKey() throws {
        var configuration = try configuration(["IIB_SECRET_KEY": "a key"])
        #expect(try configuration.accessPolicy.role(authorization: "Bearer a key", query: nil) == .operator)
        #expect(throws: AccessPolicy.Refusal.token) {
            try configuration.accessPolicy.role(authorization: nil, query: nil)
        }
        #expect(configuration.secrets == ["a key"])
        configuration.host = "0.0.0.0"
        try configuration.checkAccess()
        configuration.tokens = ["a key": .viewer, "b": .admin]
        #expect(try configuration.accessPolicy.role(authorization: "Bearer a key", query: nil) == .viewer)
        #expect(try configuration.accessPolicy.role(authorization: "Bearer b", query: nil) == .admin)
    }

    @Test(
        "access control lets be named what it says",
        arguments: [
            (["IIB_ACCESS_CONTROL": "auto"], PathAccess.Rule.everything),
            (["IIB_ACCESS_CONTROL": "disable", "IIB_ACCESS_CONTROL_ALLOWED_PATHS": "/a"], .everything),
            (["IIB_ACCESS_CONTROL": "enable"], .library),
            (
                ["IIB_ACCESS_CONTROL": "enable", "IIB_ACCESS_CONTROL_ALLOWED_PATHS": " /a , /b c,,"],
                .folders(["/a", "/b c"])
            ),
            (["IIB_ACCESS_CONTROL": "enable", "IIB_ACCESS_CONTROL_ALLOWED_PATHS": "save,txt2img"], .folders([])),
        ]
    )
    func rules(environment: [String: String], rule: PathAccess.Rule) throws {
        #expect(try configuration(environment).iibConfiguration.rule == rule)
    }

    @Test("words for folders of another program, and its database, are told of")
    func notes() throws {
        let environment = ["IIB_ACCESS_CONTROL_ALLOWED_PATHS": "/a,save", "IIB_DB_PATH": "/x/iib.db"]
        let notes = try configuration(environment).iib.notes(environment: environment)
        #expect(notes.count == 2)
        #expect(notes[0].contains("save") && !notes[0].contains("/a"))
        #expect(notes[1].contains("/x/iib.db") && notes[1].contains("import-iib"))
        #expect(try configuration([:]).iib.notes(environment: [:]) == [])
    }

    @Test("permission, language and cache are taken as they are there")
    func others() throws {
        for permission in IIBConfiguration.Permission.allCases {
            let given = try configuration(["IIB_ACCESS_CONTROL_PERMISSION": permission.rawValue])
            #expect(given.iibConfiguration.permission == permission)
        }
        for (text, language) in [
            ("zh", IIBConfiguration.Language.chinese), ("zh-CN", .chinese), ("en", .english), ("x", .english),
        ] {
            #expect(try configuration(["IIB_SERVER_LANG": text]).iibConfiguration.language == language)
        }
        #expect(try configuration(["IIB_CACHE_DIR": "/tmp/c/"]).iibConfiguration.cacheFolder == "/tmp/c")
    }

    @Test("four daily copies of the database are kept unless another number is said")
    func backups() throws {
        #expect(try configuration([:]).iib.backups == 4)
        #expect(try configuration(["IIB_DB_FILE_BACKUP_MAX": "0"]).iib.backups == 0)
        for text in ["-1", "x", "1.5", "10001"] {
            #expect(throws: ConfigurationError.self) { try configuration(["IIB_DB_FILE_BACKUP_MAX": text]) }
        }
    }

    @Test(
        "a word that access control does not know stops the start",
        arguments: ["IIB_ACCESS_CONTROL", "IIB_ACCESS_CONTROL_PERMISSION"]
    )
    func unknownWords(name: String) throws {
        for word in ["on", "read", "READ-ONLY", "enabled", " enable"] {
            let error = try #require(throws: ConfigurationError.self) { try configuration([name: word]) }
            #expect(error.message.hasPrefix(name))
        }
    }
}
