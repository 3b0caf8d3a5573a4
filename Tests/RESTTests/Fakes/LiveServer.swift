import Logging
import NIOPosix
import ServiceLifecycle

@testable import REST

/// A server on a port of this machine for the length of one test.
enum LiveServer {
    /// Runs `body` with the port, then stops the server and waits for its end.
    static func run(
        server: TestServer = TestServer(),
        takeover: EchoTakeover = EchoTakeover(),
        tls: RESTConfiguration.TLS? = nil,
        port: Int = 0,
        _ body: @escaping @Sendable (Int) async throws -> Void
    ) async throws {
        var configuration = server.configuration
        configuration.tls = tls
        configuration.port = port
        let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        let (ports, found) = AsyncStream.makeStream(of: Int.self)
        let rest = try RESTServer(
            configuration: configuration,
            services: server.services,
            takeover: takeover,
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
            logger: logger
        ) { port in
            found.yield(port)
            found.finish()
        }
        let group = ServiceGroup(configuration: .init(services: [rest], logger: logger))
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask {
                // A server that cannot start ends the wait for its port.
                defer { found.finish() }
                try await group.run()
            }
            for await port in ports { try await body(port) }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }
}
