/// The echo endpoints that conformance suites run against.
struct ConformanceServer: Sendable {
    let configuration: ConformanceConfiguration

    /// Runs until SIGTERM or SIGINT; throws when it cannot start.
    func run() async throws {
        throw WiringError("the conformance server")
    }
}
