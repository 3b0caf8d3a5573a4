import Domain
import Foundation
import Logging
import NIOCore
import NIOPosix
import REST
import Realtime
import ServiceLifecycle
import UnixSignals

/// The server: store, journal, tasks, hub, and the HTTP side put together, run until a signal.
struct Server: Sendable {
    let configuration: ServerConfiguration
    /// Carries log lines to topic `log` once it is connected and its `run()` is among the services.
    let logRelay: LogRelay

    /// Runs until SIGTERM or SIGINT, and returns after an orderly end; throws when it cannot start.
    func run() async throws {
        let logger = Logger(label: "vitrine.server")
        MemoryTrim.prepare()
        let backend = try Backend(configuration: configuration)
        MemoryTrim.follow(backend.journal)
        logRelay.connect { backend.journal.publish(.logLine($0)) }

        let group = MultiThreadedEventLoopGroup.singleton
        let loops = Array(group.makeIterator())
        let hub = Hub(
            journal: backend.journal,
            configuration: hubConfiguration,
            loops: loops.map { EventLoopAdapter($0) }
        )
        try await backend.tasks.load()

        let watch = try LibraryWatch(
            library: backend.library,
            threads: backend.index.threads,
            configuration: configuration,
            update: backend.index.takeInChanges
        )
        backend.library.passes.use(watch.source)

        let queue = try messageQueue(backend, hub)
        let tasks = EngineTasks(engine: backend.tasks, journal: backend.journal, queue: queue)
        let access = configuration.accessPolicy
        let relay = VFrameRelay(journal: backend.journal, reported: backend.tasks)
        let endpoints: [any Endpoint] = [
            NativeEndpoint(access: access, tasks: tasks), EventStreamEndpoint(access: access, tasks: tasks),
            EngineIOEndpoint(path: "/socket.io/", configuration: engineIO, access: access) { engine in
                SocketIOSession(
                    engine,
                    tasks: tasks,
                    configuration: SocketIOConfiguration(),
                    behaviour: VFrameBehaviour(relay: relay)
                )
            },
        ]
        let shutdown = ShutdownSwitch()
        let rest = try RESTServer(
            configuration: restConfiguration,
            services: RESTServices(
                journal: backend.journal,
                tasks: tasks,
                library: LibraryFiles(library: backend.library, data: backend.data),
                clients: queue ?? hub,
                metrics: metrics(backend, hub, queue),
                celery: backend.celery,
                redisState: redisState(backend.redis),
                iib: iibServices(backend, shutdown),
                gallery: backend.gallery
            ),
            takeover: SocketTakeover(table: EndpointTable(endpoints, hub: hub, loops: loops)),
            eventLoopGroup: group,
            logger: Logger(label: "vitrine.http"),
            onListening: { port in
                Announcement.listening(host: configuration.host, port: port, usesTLS: configuration.usesTLS)
                do {
                    await watch.ready()
                    try await backend.submitFirstScan()
                } catch {
                    logger.error("the first scan could not be queued", metadata: ["error": "\(error)"])
                }
            }
        )
        backUp(backend)
        // Stopped in the opposite order: sockets first, then HTTP, then the tasks, the watching that asks for some, Redis,
        // and the log last.
        var running: [any Service] = [logRelay]
        if let redis = backend.redis { running.append(redis) }
        if let queue { running.append(QueueService(queue: queue)) }
        running += [watch, backend.tasks]
        if let celery = backend.celery { running.append(celery) }
        running += [rest, HubService(hub: hub, prepare: backend.tasks.retireWorkers)]
        var services = ServiceGroupConfiguration(
            services: running.map { ServiceGroupConfiguration.ServiceConfiguration(service: $0) } + [
                shutdown.configuration
            ],
            gracefulShutdownSignals: [.sigterm, .sigint],
            logger: logger
        )
        // Below the ten seconds after which service managers and container runtimes often kill.
        services.maximumGracefulShutdownDuration = .seconds(8)
        try await ServiceGroup(configuration: services).run()
        try backend.store.close()
    }

    private var hubConfiguration: HubConfiguration {
        var hub = HubConfiguration()
        hub.maxConnections = configuration.maxConnections
        hub.maxSubscriptions = configuration.maxSubscriptions
        hub.maxMessage = configuration.maxMessage
        hub.messageRate = configuration.messageRate
        hub.historyEvents = configuration.historyEvents
        hub.historyBytes = configuration.historyBytes
        hub.queueEvents = configuration.queueEvents
        hub.queueBytes = configuration.queueBytes
        hub.pingInterval = configuration.pingInterval
        hub.pingTimeout = configuration.pingTimeout
        hub.lease = configuration.lease
        return hub
    }

    private var engineIO: EngineIOConfiguration {
        var engineIO = EngineIOConfiguration()
        engineIO.pingInterval = configuration.pingInterval
        engineIO.pingTimeout = configuration.pingTimeout
        return engineIO
    }

    private var restConfiguration: RESTConfiguration {
        var limits = HTTPLimits()
        limits.bodyBytes = configuration.maxBody
        limits.headTimeout = .milliseconds(Int64(configuration.handshakeTimeout))
        var rest = RESTConfiguration(
            host: configuration.host,
            port: configuration.port,
            limits: limits,
            access: configuration.accessPolicy,
            dashboardFolder: configuration.webFolder,
            openAPIFolder: configuration.seedsFolder,
            version: Release.version
        )
        rest.maxSockets = configuration.maxSockets
        rest.iib = configuration.iibConfiguration
        rest.gallery.metaForm = configuration.galleryMeta
        rest.openAPIConverter = DescriptionConverter.json
        if let certificate = configuration.tlsCertificate, let key = configuration.tlsKey {
            rest.tls = RESTConfiguration.TLS(certificateFile: certificate, keyFile: key)
        }
        return rest
    }

    /// Copies the database on a thread of its own, once a day.
    private func backUp(_ backend: Backend) {
        let backups = StoreBackups(folder: backend.data[.backups], limit: configuration.iib.backups)
        let day = String(LogTime.format(WallClock.system.now).prefix(10))
        let logger = Logger(label: "vitrine.server")
        Thread.detachNewThread {
            do {
                if try backups.make(of: backend.store, day: day) { logger.info("the database was copied to backups") }
            } catch {
                logger.error("the database could not be copied", metadata: ["error": "\(error)"])
            }
        }
    }

    /// What clients of Infinite Image Browsing ask for.
    private func iibServices(_ backend: Backend, _ shutdown: ShutdownSwitch) -> IIBServices {
        IIBServices(
            index: backend.index,
            files: backend.files,
            access: PathAccess(
                library: backend.library,
                threads: backend.index.threads,
                rule: configuration.iibRule
            ),
            thumbnails: backend.thumbnails,
            ownFolders: Set(backend.data.libraryFolders),
            shutDown: shutdown.trigger
        )
    }

    /// The place among the processes that share the configured Redis.
    private func messageQueue(_ backend: Backend, _ hub: Hub) throws -> MessageQueue? {
        guard let redis = backend.redis else { return nil }
        var name = configuration.serverName
        if name.isEmpty {
            let mark = String(try backend.store.firstStart() ?? 0, radix: 36)
            name = "\(ProcessStatistics.hostName)-\(mark)"
        }
        var queue = MessageQueue.Configuration(server: name)
        queue.channels = configuration.redisChannels
        queue.publishChannel = configuration.redisPublishChannel
        let tasks = backend.tasks
        // Long messages are read on its loop, so it is none of those that serve sockets.
        let loop = MultiThreadedEventLoopGroup(numberOfThreads: 1).next()
        return MessageQueue(
            configuration: queue,
            bus: redis,
            hub: hub,
            loop: EventLoopAdapter(loop),
            cancelTask: { id in Task { try? await tasks.cancel(id) } }
        )
    }

    private func redisState(_ redis: RedisClient?) -> (@Sendable () -> RedisState)? {
        guard let redis else { return nil }
        return { redis.currentState }
    }

    private func metrics(_ backend: Backend, _ hub: Hub, _ queue: MessageQueue?) -> Metrics {
        let metrics = Metrics()
        metrics.addServer(journal: backend.journal, version: Release.version)
        let statistics = hub.statistics
        metrics.gauge("vitrine_connections", help: "Sockets and event streams.") { Double(hub.connectionCount) }
        metrics.counter("vitrine_connections_refused_total", help: "Connections refused as too many.") {
            [Metrics.Sample(Double(statistics.refusedConnections))]
        }
        metrics.counter("vitrine_socket_messages_total", help: "Messages received over WebSocket.") {
            [Metrics.Sample(Double(statistics.receivedMessages))]
        }
        metrics.counter("vitrine_slow_readers_total", help: "How often a slow reader's events were dropped.") {
            [Metrics.Sample(Double(statistics.slowReaders))]
        }
        if let redis = backend.redis {
            metrics.gauge("vitrine_redis_connected", help: "Whether Redis is connected.") {
                redis.currentState == .connected ? 1 : 0
            }
        }
        if let queue { metrics.add(queue.statistics) }
        if let celery = backend.celery {
            metrics.gauge("vitrine_celery_tasks", help: "Tasks that are on Celery.") { Double(celery.taskCount) }
        }
        return metrics
    }
}
