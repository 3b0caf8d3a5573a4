import Domain
import Logging
import NIOPosix
import REST
import Realtime
import ServiceLifecycle
import UnixSignals

/// The echo endpoints that conformance suites run against, on the code that serves everyone else.
struct ConformanceServer: Sendable {
    let configuration: ConformanceConfiguration

    /// Runs until SIGTERM or SIGINT; throws when it cannot start.
    func run() async throws {
        let logger = Logger(label: "vitrine.conformance")
        let journal = Journal(epoch: "conformance")
        let group = MultiThreadedEventLoopGroup.singleton
        let loops = Array(group.makeIterator())
        let hub = Hub(journal: journal, configuration: HubConfiguration(), loops: loops.map { EventLoopAdapter($0) })
        let endpoints: [any Endpoint] = [
            EchoEndpoint(path: "/echo", maxPayload: configuration.maxMessage),
            FanoutEndpoint(path: "/fanout", maxPayload: configuration.maxMessage, hub: hub),
        ]
        let rest = try RESTServer(
            configuration: RESTConfiguration(
                host: configuration.host,
                port: configuration.port,
                version: Release.version
            ),
            services: nil,
            takeover: SocketTakeover(table: EndpointTable(endpoints, hub: hub, loops: loops)),
            eventLoopGroup: group,
            logger: logger,
            onListening: { Announcement.listening(host: configuration.host, port: $0) }
        )
        var services = ServiceGroupConfiguration(
            services: [rest, HubService(hub: hub)],
            gracefulShutdownSignals: [.sigterm, .sigint],
            logger: logger
        )
        services.maximumGracefulShutdownDuration = .seconds(10)
        try await ServiceGroup(configuration: services).run()
    }
}
