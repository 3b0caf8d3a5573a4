import Logging
import ServiceLifecycle
import Testing

@testable import vitrine

@Suite struct ShutdownSwitchTests {
    /// Runs until the group shuts down in order.
    private struct Waiting: Service {
        func run() async throws { try await gracefulShutdown() }
    }

    private func group(_ shutdown: ShutdownSwitch) -> ServiceGroup {
        ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [.init(service: Waiting()), shutdown.configuration],
                logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
            )
        )
    }

    @Test("once triggered, all services end in order", .timeLimit(.minutes(5)))
    func triggered() async throws {
        let shutdown = ShutdownSwitch()
        shutdown.trigger()
        shutdown.trigger()
        try await group(shutdown).run()
    }

    @Test("it does not hold up the end that something else brings", .timeLimit(.minutes(5)))
    func endedByOthers() async throws {
        let group = group(ShutdownSwitch())
        async let end: Void = group.run()
        await group.triggerGracefulShutdown()
        try await end
    }
}
