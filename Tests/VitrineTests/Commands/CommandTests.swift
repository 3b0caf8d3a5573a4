import ArgumentParser
import Domain
import Foundation
import Testing

@testable import vitrine

@Suite struct CommandTests {
    private func command<Command: ParsableCommand>(_ arguments: [String], as: Command.Type) throws -> Command {
        try #require(try Vitrine.parseAsRoot(arguments) as? Command)
    }

    @Test("serve reads the fixed interface and refuses an open host")
    func serve() throws {
        try withTemporaryFolder { folder in
            try write("slots: 3\n", to: folder + "/v.yaml")
            let arguments = [
                "serve", "--host", "0.0.0.0", "--port", "0", "--data-dir", folder + "/d", "--library", folder,
                "--token",
                "viewer:one", "--token", "admin:two", "--config", folder + "/v.yaml",
            ]
            let configuration = try command(arguments, as: Serve.self).serverConfiguration(environment: [:])
            #expect(configuration.host == "0.0.0.0")
            #expect(configuration.port == 0)
            #expect(configuration.libraries == [folder])
            #expect(configuration.tokens == ["one": .viewer, "two": .admin])
            #expect(configuration.slots == 3)
            let open = try command(["serve"], as: Serve.self)
            #expect(throws: ConfigurationError.self) {
                try open.serverConfiguration(environment: ["VITRINE_HOST": "0.0.0.0"])
            }
            let missing = try command(["serve", "--library", folder + "/none"], as: Serve.self)
            #expect(throws: ConfigurationError.self) { try missing.serverConfiguration(environment: [:]) }
        }
    }

    @Test("conformance reads its flags and variables, and has the defaults of the protocols")
    func conformance() throws {
        let none = try command(["conformance"], as: Conformance.self).conformanceConfiguration(environment: [:])
        #expect(none == ConformanceConfiguration())
        #expect(none.pingInterval == 25_000 && none.pingTimeout == 20_000)
        #expect(none.connectTimeout == 45_000 && none.maxPayload == 1_000_000)
        let samples = [
            "port": "7", "loops": "2", "ping-interval": "300", "ping-timeout": "200", "connect-timeout": "1000",
            "max-payload": "1MiB", "max-message": "1MiB", "log-level": "error", "log-format": "json",
        ]
        #expect(Set(samples.keys) == Set(ConformanceSettings.all.map(\.name)))
        for (name, sample) in samples {
            let byFlag = try command(["conformance", "--\(name)", sample], as: Conformance.self)
                .conformanceConfiguration(environment: [:])
            let byVariable = try command(["conformance"], as: Conformance.self)
                .conformanceConfiguration(environment: [SettingName.variable(name): sample])
            #expect(byFlag != none)
            #expect(byFlag == byVariable)
        }
        let bad = try command(["conformance", "--ping-timeout", "x"], as: Conformance.self)
        #expect(throws: ConfigurationError.self) { try bad.conformanceConfiguration(environment: [:]) }
    }

    @Test("scan takes one folder, libraries and the data folder, and does not ask who may connect")
    func scan() throws {
        try withTemporaryFolder { folder in
            let scan = try command(["scan", folder, "--data-dir", folder + "/d", "--library", folder], as: Scan.self)
            let configuration = try scan.scanConfiguration(environment: ["VITRINE_HOST": "0.0.0.0"])
            #expect(scan.folder == folder)
            #expect(configuration.dataFolder == folder + "/d")
            #expect(configuration.libraries == [folder])
            let missing = try command(["scan", folder + "/none"], as: Scan.self)
            #expect(throws: ConfigurationError.self) { try missing.scanConfiguration(environment: [:]) }
        }
    }

    @Test("thumbnails takes libraries and the data folder, and refuses a library that is none")
    func thumbnails() throws {
        try withTemporaryFolder { folder in
            let flags = ["--data-dir", folder + "/d", "--library", folder]
            let good = try command(["thumbnails"] + flags, as: Thumbnails.self)
            let configuration = try good.thumbnailConfiguration(environment: ["VITRINE_HOST": "0.0.0.0"])
            #expect(configuration.dataFolder == folder + "/d")
            #expect(configuration.libraries == [folder])
            let missing = try command(["thumbnails", "--library", folder + "/none"], as: Thumbnails.self)
            #expect(throws: ConfigurationError.self) { try missing.thumbnailConfiguration(environment: [:]) }
        }
    }

    @Test("seed takes its folder from the flag, the variable, or the seeds")
    func seed() throws {
        try withTemporaryFolder { folder in
            try write("", to: folder + "/seeds/demo/.keep")
            let seeds = ["VITRINE_SEEDS_DIR": folder + "/seeds"]
            func source(_ arguments: [String], _ environment: [String: String]) throws -> String {
                try command(["seed"] + arguments, as: Seed.self).seedConfiguration(environment: environment).source
            }
            #expect(try source(["--from", folder], seeds) == folder)
            #expect(try source([], seeds.merging(["VITRINE_FROM": folder]) { $1 }) == folder)
            #expect(try source([], seeds) == folder + "/seeds/demo")
            let error = try #require(throws: ConfigurationError.self) {
                try source(["--from", folder + "/none"], seeds)
            }
            #expect(error.message.hasPrefix("--from"))
        }
    }

    @Test(
        "a wrong command line is refused by the parser with 64",
        arguments: [
            ["serve", "--bogus"], ["serve", "extra"], ["serve", "--port"], ["bogus"], ["scan", "a", "b"],
            ["conformance", "--host", "0.0.0.0"], ["version", "extra"],
        ]
    )
    func wrong(arguments: [String]) throws {
        let error = try #require(throws: (any Error).self) { try Vitrine.parseAsRoot(arguments) }
        #expect(Vitrine.exitCode(for: error).rawValue == 64)
    }
}
