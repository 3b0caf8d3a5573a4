import Foundation
import Testing

@testable import vitrine

/// Holds docs/configuration.md against the tables of settings.
@Suite struct ConfigurationDocumentTests {
    private func document() throws -> String {
        var folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        while folder.path != "/" {
            let file = folder.appendingPathComponent("docs/configuration.md")
            if let data = FileManager.default.contents(atPath: file.path) {
                return String(decoding: data, as: UTF8.self)
            }
            folder.deleteLastPathComponent()
        }
        throw ConfigurationError("docs/configuration.md was not found")
    }

    private func row<Configuration>(_ setting: Setting<Configuration>, _ defaults: Configuration) -> String {
        let value = setting.name == "slots" ? "cores" : setting.show(defaults)
        let words = setting.shape == .list ? "\(setting.accepts); repeatable" : setting.accepts
        return "| `\(setting.name)` | `\(setting.variable)` | \(value.isEmpty ? "none" : "`\(value)`") | "
            + "\(setting.help) | \(words) |"
    }

    @Test("every setting of the server has its row", arguments: ServerSettings.all.map(\.name))
    func server(name: String) throws {
        let setting = try #require(ServerSettings.all.first { $0.name == name })
        let row = row(setting, ServerConfiguration())
        #expect(try document().contains(row), "this row is missing:\n\(row)")
    }

    @Test("every setting of the other commands has its row")
    func others() throws {
        let rows =
            ConformanceSettings.all.map { row($0, ConformanceConfiguration()) }
            + SeedSettings.all.map { row($0, SeedConfiguration()) }
        for row in rows { #expect(try document().contains(row), "this row is missing:\n\(row)") }
    }

    @Test("the way to name the file, and every exit code, is told")
    func fileAndCodes() throws {
        let text = try document()
        for words in ["`--config`", "`VITRINE_CONFIG`", "| 0 |", "| 64 |", "| 1 |"] { #expect(text.contains(words)) }
    }

    @Test("no row speaks of a setting that is not there")
    func noOthers() throws {
        let names = Set(
            ServerSettings.all.map(\.name) + ConformanceSettings.all.map(\.name) + SeedSettings.all.map(\.name)
        )
        let rows = try document().split(separator: "\n").filter { $0.hasPrefix("| `") }
        #expect(rows.count >= ServerSettings.all.count)
        for row in rows {
            let name = row.dropFirst(3).prefix { $0 != "`" }
            #expect(names.contains(String(name)), "\(row)")
        }
    }

    @Test("the example file is one that the server reads")
    func example() throws {
        let parts = try document().components(separatedBy: "```yaml\n")
        #expect(parts.count > 1)
        for part in parts.dropFirst() {
            let yaml = try #require(part.components(separatedBy: "\n```").first)
            let file = try ConfigurationFile(text: yaml, name: "example", known: ServerConfiguration.fileKeys)
            var configuration = ServerConfiguration()
            let resolver = SettingResolver(settings: ServerSettings.all)
            try resolver.resolve(&configuration, flags: GivenFlags(), environment: [:], file: file)
            #expect(configuration != ServerConfiguration())
        }
    }
}
