import ArgumentParser
import Foundation
import Logging

/// `vitrine conformance`: a server that conformance suites run against.
struct Conformance: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run an echo server for conformance suites, on 127.0.0.1 only."
    )

    @OptionGroup(title: "Conformance") var flags: ConformanceFlags
    @OptionGroup(title: "Log") var log: LogFlags

    /// The settings of flags and environment.
    func conformanceConfiguration(
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws(ConfigurationError) -> ConformanceConfiguration {
        var given = GivenFlags()
        given.take(flags)
        given.take(log)
        var configuration = ConformanceConfiguration()
        let resolver = SettingResolver(settings: ConformanceSettings.all)
        try resolver.resolve(&configuration, flags: given, environment: environment)
        return configuration
    }

    mutating func run() async throws {
        let configuration = try conformanceConfiguration()
        LogSinks(level: configuration.logLevel, format: configuration.logFormat).bootstrap()
        _ = FileLimit.raise()
        try await ConformanceServer(configuration: configuration).run()
    }
}
