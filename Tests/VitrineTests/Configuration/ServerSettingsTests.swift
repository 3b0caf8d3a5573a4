import ArgumentParser
import Domain
import Testing

@testable import vitrine

/// Every setting of the table, by every way it can be set.
@Suite struct ServerSettingsTests {
    /// A value for every setting that is not its default; a setting without one fails the tests.
    static let samples: [String: String] = [
        "host": "localhost", "port": "0", "allow-host": "pics.example", "allow-origin": "https://pics.example",
        "token": "viewer:sample", "insecure": "true", "tls-cert": "/c.pem", "tls-key": "/k.pem", "data-dir": "/d",
        "library": "/l", "watch": "false", "poll-interval": "777", "trash": "/t", "web-dir": "/w", "seeds-dir": "/s",
        "ffmpeg": "/f/ffmpeg", "thumbnail-cache-bytes": "7KiB", "stealth-metadata": "true",
        "iib-base": "/iib", "iib-client": "/i", "iib-allow-cors": "true", "enable-shutdown": "true",
        "model-dir": "loras=/m", "model-suffix": "loras=pt", "gallery-meta": "object", "legacy-dir": "/g",
        "max-connections": "7", "max-subscriptions": "7", "max-packed-files": "7", "max-packed-bytes": "9KiB",
        "max-message": "2KiB", "message-rate": "7", "max-body": "3MiB", "max-queued-tasks": "7",
        "history-events": "0", "history-bytes": "4KiB", "queue-events": "7", "queue-bytes": "5KiB",
        "ping-interval": "7", "ping-timeout": "7", "handshake-timeout": "7", "lease": "7", "offer-timeout": "7",
        "slots": "77", "redis": "redis://cache:7000/2", "redis-channels": "mine", "redis-publish-channel": "mine",
        "server-name": "left", "celery": "depth=gpu,task=app.depth,arguments=params",
        "celery-slots": "7", "celery-lost-after": "7", "task-endpoint": "http://api:5000/worker",
        "log-level": "error", "log-format": "json",
    ]

    /// A setting as it stands on a command line.
    private static func flag(_ setting: Setting<ServerConfiguration>, _ value: String) -> [String] {
        guard setting.shape == .toggle else { return ["--\(setting.name)", value] }
        return [value == "true" ? "--\(setting.name)" : "--no-\(setting.name)"]
    }

    private func configuration(
        arguments: [String] = [],
        environment: [String: String] = [:],
        yaml: String? = nil
    ) throws -> ServerConfiguration {
        // Parsing is slow in a debug build, and most of these tests give no flag.
        let flags = arguments.isEmpty ? GivenFlags() : try Serve.parse(arguments).flags
        return try withTemporaryFolder { folder in
            let path = folder + "/v.yaml"
            if let yaml { try write(yaml, to: path) }
            return try ServerConfiguration(
                flags: flags,
                configurationPath: yaml == nil ? nil : path,
                environment: environment,
                findFolder: { _ in nil }
            )
        }
    }

    @Test("every setting has a sample and its own name")
    func samples() {
        #expect(Set(Self.samples.keys) == Set(ServerSettings.all.map(\.name)))
        #expect(Set(ServerSettings.all.map(\.name)).count == ServerSettings.all.count)
    }

    @Test("every setting is reached by flag, variable and file alike", arguments: ServerSettings.all.map(\.name))
    func reached(name: String) throws {
        let setting = try #require(ServerSettings.all.first { $0.name == name })
        let sample = try #require(Self.samples[name])
        let start = try configuration()
        let byFlag = try configuration(arguments: Self.flag(setting, sample))
        #expect(byFlag != start)
        #expect(try configuration(environment: [setting.variable: sample]) == byFlag)
        #expect(try configuration(yaml: "\(name): \(sample)\n") == byFlag)
        if setting.shape == .list { #expect(try configuration(yaml: "\(name): [\"\(sample)\"]\n") == byFlag) }
    }

    @Test("every setting counts as flag before variable before file", arguments: ServerSettings.all.map(\.name))
    func precedence(name: String) throws {
        let setting = try #require(ServerSettings.all.first { $0.name == name })
        let sample = try #require(Self.samples[name])
        // What a weaker source says is not even read, so it may be what no setting takes.
        let bad =
            [
                "data-dir", "library", "trash", "web-dir", "seeds-dir", "iib-client", "ffmpeg", "tls-cert", "tls-key",
                "legacy-dir",
            ].contains(name)
            ? "/no" : "a b"
        let wanted = try configuration(environment: [setting.variable: sample])
        let flag = Self.flag(setting, sample)
        #expect(try configuration(arguments: flag, environment: [setting.variable: bad]) == wanted)
        #expect(try configuration(arguments: flag, yaml: "\(name): \(bad)\n") == wanted)
        #expect(try configuration(environment: [setting.variable: sample], yaml: "\(name): \(bad)\n") == wanted)
    }

    @Test("lists replace each other and are not joined; repeats are one")
    func lists() throws {
        let flags = ["--library", "/1", "--library", "/2", "--library", "/1"]
        #expect(try configuration(arguments: flags, environment: ["VITRINE_LIBRARY": "/3"]).libraries == ["/1", "/2"])
        let spaced = ["VITRINE_LIBRARY": " /3 , /4 c,, "]
        #expect(try configuration(environment: spaced, yaml: "library: [/5]").libraries == ["/3", "/4 c"])
        #expect(try configuration(yaml: "library:\n- /5\n- /6\n").libraries == ["/5", "/6"])
    }

    @Test("an empty variable says nothing")
    func emptyVariable() throws {
        #expect(try configuration(environment: ["VITRINE_PORT": ""], yaml: "port: 9").port == 9)
        #expect(try configuration(environment: ["VITRINE_LIBRARY": ""], yaml: "library: /a").libraries == ["/a"])
    }

    @Test("a toggle can be turned off again by a stronger source")
    func toggleOff() throws {
        let on = ["VITRINE_INSECURE": "1"]
        #expect(try configuration(environment: on).insecure)
        #expect(try !configuration(arguments: ["--no-insecure"], environment: on).insecure)
        #expect(try !configuration(environment: ["VITRINE_INSECURE": "off"], yaml: "insecure: true").insecure)
    }

    @Test("the file is found by VITRINE_CONFIG, and --config counts before it")
    func fileVariable() throws {
        try withTemporaryFolder { folder in
            try write("port: 1", to: folder + "/one.yaml")
            try write("port: 2", to: folder + "/two.yaml")
            let environment = ["VITRINE_CONFIG": folder + "/one.yaml"]
            func port(_ path: String?) throws -> Int {
                try ServerConfiguration(flags: GivenFlags(), configurationPath: path, environment: environment).port
            }
            #expect(try port(nil) == 1)
            #expect(try port(folder + "/two.yaml") == 2)
        }
    }

    @Test(
        "a bad value is refused with the place it came from",
        arguments: [
            ("port", "65536"), ("port", "-1"), ("port", "x"), ("host", "a b"), ("allow-host", "a:1"),
            ("allow-origin", "a"), ("token", "x:y"), ("insecure", "maybe"), ("max-connections", "0"),
            ("max-message", "33MiB"), ("max-message", "1"), ("max-body", "1.5MiB"), ("queue-bytes", "12"),
            ("history-bytes", "5GiB"), ("ping-interval", "0"), ("ping-timeout", "25s"), ("lease", "86400001"),
            ("slots", "4097"), ("log-level", "loud"), ("log-format", "xml"), ("poll-interval", "99"),
            ("message-rate", "1e3"),
            ("redis", "http://cache"), ("iib-base", "iib"), ("iib-base", "/"), ("iib-base", "/api/iib"),
            ("iib-base", "/a/../b"), ("iib-base", "/a//b"), ("iib-base", "/a b"), ("iib-allow-cors", "maybe"),
            ("model-dir", "loras"), ("model-dir", "=/m"), ("model-dir", "a/b=/m"), ("model-dir", "..=/m"),
            ("model-dir", "Others=/m"), ("model-dir", "loras="), ("model-suffix", "loras"),
            ("model-suffix", "loras=a.b"),
            ("model-suffix", "loras="), ("gallery-meta", "text"), ("celery", "depth"), ("celery", "task=x"),
            ("celery-slots", "0"),
            ("celery-lost-after", "1s"), ("task-endpoint", "api:5000"),
        ]
    )
    func bad(name: String, value: String) throws {
        let variable = SettingName.variable(name)
        let fromVariable = try #require(throws: ConfigurationError.self) {
            try configuration(environment: [variable: value])
        }
        #expect(fromVariable.message.hasPrefix("\(variable): "))
        let fromFile = try #require(throws: ConfigurationError.self) {
            try configuration(yaml: "# first\n\(name): \"\(value)\"\n")
        }
        #expect(fromFile.message.hasPrefix("\(name) ("))
        #expect(fromFile.message.contains("v.yaml, line 2): "))
        guard name != "insecure", name != "iib-allow-cors" else { return }
        let fromFlag = try #require(throws: ConfigurationError.self) {
            try configuration(arguments: ["--\(name)=\(value)"])
        }
        #expect(fromFlag.message.hasPrefix("--\(name): "))
        // What may hold a secret is not repeated.
        guard name != "token", name != "redis" else { return }
        #expect(fromFlag.message.contains("\"\(value)\" is not "))
    }

    @Test("the ends of every range are in it, and what is past them is not", arguments: ServerSettings.all.map(\.name))
    func ranges(name: String) throws {
        let setting = try #require(ServerSettings.all.first { $0.name == name })
        guard ["N", "MS", "SIZE"].contains(setting.placeholder) else { return }
        let words = setting.accepts.split { $0 == " " || $0 == "," }.map(String.init)
        let from = try #require(words.firstIndex(of: "from"))
        let lower = try #require(ByteCount.parse(words[from + 1]))
        let upper = try #require(ByteCount.parse(words[from + 3]))
        for value in [lower, upper] { _ = try configuration(environment: [setting.variable: "\(value)"]) }
        for value in [lower - 1, upper + 1] {
            #expect(throws: ConfigurationError.self) { try configuration(environment: [setting.variable: "\(value)"]) }
        }
    }

    @Test("a list for a setting of one value is refused")
    func listForOne() throws {
        let error = try #require(throws: ConfigurationError.self) { try configuration(yaml: "port: [1]") }
        #expect(error.message.contains("takes one value"))
    }

    @Test("the defaults are those of the contract")
    func defaults() throws {
        let configuration = try configuration()
        #expect(configuration == ServerConfiguration())
        let shown = ServerSettings.all.map { "\($0.name)=\($0.show(configuration))" }.filter { !$0.hasPrefix("slots=") }
        #expect(
            shown == [
                "host=127.0.0.1", "port=8080", "allow-host=", "allow-origin=", "token=", "insecure=false", "tls-cert=",
                "tls-key=", "data-dir=./data", "library=", "watch=true", "poll-interval=30000", "trash=", "web-dir=",
                "seeds-dir=", "ffmpeg=", "thumbnail-cache-bytes=2GiB", "stealth-metadata=false",
                "iib-base=/infinite_image_browsing", "iib-client=", "iib-allow-cors=false", "enable-shutdown=false",
                "model-dir=", "model-suffix=",
                "gallery-meta=string", "legacy-dir=", "max-connections=20000",
                "max-subscriptions=256", "max-message=256KiB", "message-rate=1000", "max-body=64MiB",
                "max-queued-tasks=100000", "history-events=10000", "history-bytes=16MiB", "queue-events=1000",
                "queue-bytes=1MiB", "max-packed-files=10000", "max-packed-bytes=64GiB", "ping-interval=25000",
                "ping-timeout=20000", "handshake-timeout=10000",
                "lease=15000", "offer-timeout=5000", "redis=", "redis-channels=socketio,flask-socketio",
                "redis-publish-channel=socketio", "server-name=", "celery=", "celery-slots=1000",
                "celery-lost-after=60000", "task-endpoint=", "log-level=info", "log-format=text",
            ]
        )
        #expect(configuration.slots >= 1)
    }

    @Test("a misspelt variable is told, one of ours and one of others is not")
    func unknownVariables() {
        let environment = [
            "VITRINE_PROT": "1", "VITRINE_PORT": "1", "VITRINE_CONFIG": "", "VITRINE_FROM": "", "HOME": "",
        ]
        #expect(ServerConfiguration.unknownVariables(in: environment) == ["VITRINE_PROT"])
    }

    @Test("no setting shows a token or a password")
    func tokensHidden() throws {
        var configuration = ServerConfiguration()
        configuration.tokens = ["hush-hush": .admin]
        configuration.redis = try RedisAddress("redis://me:hush-too@cache")
        #expect(!ServerSettings.all.contains { $0.show(configuration).contains("hush") })
    }
}
