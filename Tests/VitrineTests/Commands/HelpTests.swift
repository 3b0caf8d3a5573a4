import ArgumentParser
import Testing

@testable import vitrine

@Suite struct HelpTests {
    /// The help as one line, so that wrapping does not matter.
    private func help(_ command: any ParsableCommand.Type) -> String {
        Vitrine.helpMessage(for: command, columns: 100).split { $0.isWhitespace }.joined(separator: " ")
    }

    @Test(
        "the help of serve has every setting with its variable and default",
        arguments: ServerSettings.all.map(\.name)
    )
    func serve(name: String) throws {
        let setting = try #require(ServerSettings.all.first { $0.name == name })
        let text = help(Serve.self)
        #expect(text.contains("--\(name)"))
        let summary = setting.summary(ServerConfiguration())
        #expect(text.contains("\(summary)."), "\(text)")
        #expect(summary.contains("env: \(setting.variable)"))
        let value = setting.show(ServerConfiguration())
        #expect(value.isEmpty || summary.contains("default: \(value)"))
    }

    @Test("the help of the other commands has their flags and variables")
    func others() {
        for setting in ConformanceSettings.all {
            #expect(help(Conformance.self).contains("--\(setting.name) <\(setting.placeholder)>"))
            #expect(help(Conformance.self).contains("env: \(setting.variable)"))
        }
        for name in ["data-dir", "log-level", "log-format", "config", "from"] {
            #expect(help(Seed.self).contains("--\(name)"))
            #expect(help(Seed.self).contains("env: \(SettingName.variable(name))"))
        }
        for name in ["data-dir", "library", "log-level", "log-format", "config"] {
            #expect(help(Scan.self).contains("--\(name)"))
            #expect(help(Scan.self).contains("env: \(SettingName.variable(name))"))
        }
        #expect(help(Scan.self).contains("<folder>"))
    }

    @Test("the first help names every command, the sources of settings, and the exit codes")
    func root() {
        let text = help(Vitrine.self)
        for command in ["serve", "scan", "seed", "conformance", "version"] { #expect(text.contains(" \(command) ")) }
        for word in ["VITRINE_MAX_BODY", "--config", "64", "SIGTERM"] { #expect(text.contains(word)) }
    }
}
