import Domain
import Logging
import NIOCore
import NIOPosix
import REST
import Realtime
import ServiceLifecycle
import UnixSignals

/// The echo endpoints that conformance suites run against, on the code that serves everyone else.
struct ConformanceServer: Sendable {
    let configuration: ConformanceConfiguration

    /// What a busy machine may take longer, in milliseconds.
    private static let connectGrace: Milliseconds = 250

    private var engineIO: EngineIOConfiguration {
        var engineIO = EngineIOConfiguration()
        engineIO.pingInterval = configuration.pingInterval
        engineIO.pingTimeout = configuration.pingTimeout
        engineIO.maxPayload = configuration.maxPayload
        // The suite for version 3 listens for the first frame only after it has seen the connection open.
        engineIO.handshakeDelay = SocketIOEcho.gap
        return engineIO
    }

    private var socketIO: SocketIOConfiguration {
        var socketIO = SocketIOConfiguration()
        // A case of the suite answers three pings at 300 ms each, and must live that long without connecting.
        socketIO.connectTimeout = configuration.connectTimeout + Self.connectGrace
        return socketIO
    }

    /// Runs until SIGTERM or SIGINT; throws when it cannot start.
    func run() async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: configuration.loops)
        do {
            try await run(on: group)
        } catch {
            try? await group.shutdownGracefully()
            throw error
        }
        try await group.shutdownGracefully()
    }

    private func run(on group: MultiThreadedEventLoopGroup) async throws {
        let logger = Logger(label: "vitrine.conformance")
        let journal = Journal(epoch: "conformance")
        let loops = Array(group.makeIterator())
        var bounds = HubConfiguration()
        // The hub looks at the time ten times a ping interval, and suites want their answers to the moment.
        bounds.pingInterval = min(100, configuration.pingInterval)
        bounds.pingTimeout = configuration.pingTimeout
        let hub = Hub(journal: journal, configuration: bounds, loops: loops.map { EventLoopAdapter($0) })
        let endpoints: [any Endpoint] = [
            EchoEndpoint(path: "/echo", maxPayload: configuration.maxMessage),
            FanoutEndpoint(path: "/fanout", maxPayload: configuration.maxMessage, hub: hub),
            EngineIOEndpoint(path: "/engine.io/", configuration: engineIO, access: nil) { EngineEcho($0) },
            EngineIOEndpoint(path: "/socket.io/", configuration: engineIO, access: nil) { [socketIO] engine in
                SocketIOSession(engine, tasks: NoTasks(), configuration: socketIO, behaviour: SocketIOEcho())
            },
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
