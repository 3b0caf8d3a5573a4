import Logging
import NIOPosix
import ServiceLifecycle
import Testing

@testable import REST

@Suite(.timeLimit(.minutes(5))) struct ShutdownTests {
    @Test func `a graceful shutdown ends the server though a client keeps its connection`() async throws {
        let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        let server = TestServer()
        let (ports, found) = AsyncStream.makeStream(of: Int.self)
        let rest = try RESTServer(
            configuration: server.configuration,
            services: server.services,
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
            logger: logger
        ) { found.yield($0) }
        let group = ServiceGroup(configuration: .init(services: [rest], logger: logger))
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            var ports = ports.makeAsyncIterator()
            let port = try #require(await ports.next())
            try await RawClient.connect(port) { client in
                try await client.send(LiveServerTests.plain)
                _ = try await client.read(until: "}")
                client.forget()
                await group.triggerGracefulShutdown()
                // The idle connection is closed by the server.
                let rest = try await client.readAll()
                #expect(rest == "")
            }
            try await tasks.waitForAll()
        }
    }
}
