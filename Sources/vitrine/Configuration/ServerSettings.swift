import Domain
import Logging

/// The table of everything that can be set about the server.
enum ServerSettings {
    private typealias Row = Setting<ServerConfiguration>

    /// All of them, in the order of the documentation.
    static let all: [Setting<ServerConfiguration>] =
        address + folders + pictures + iib + gallery + bounds + times + tasks + redis + log

    private static let day = 86_400_000
    private static let gibibyte = 1 << 30

    private static let address: [Row] = [
        .text(
            "host",
            \.host,
            "HOST",
            accepts: "an IP address or a host name",
            help: "The address to listen on; not loopback needs a token or --insecure",
            parse: HostText.host
        ),
        .number("port", \.port, in: 0...65_535, help: "The TCP port; 0 takes any free one"),
        .list(
            "allow-host",
            \.allowedHosts,
            "NAME",
            accepts: "a host name without a port",
            help: "A host name to answer besides IP addresses, localhost and the host",
            parse: HostText.host
        ),
        .list(
            "allow-origin",
            \.allowedOrigins,
            "URL",
            accepts: "an origin such as https://name:8443",
            help: "An origin whose pages may use the server besides its own",
            parse: HostText.origin
        ),
        Row(
            name: "token",
            shape: .list,
            placeholder: "ROLE:TOKEN",
            accepts: TokenGrant.form,
            help: "Who may connect, and as what; without any, everyone on this machine may do everything",
            show: { _ in "" },
            read: { texts, configuration throws(ConfigurationError) in
                configuration.tokens = try TokenGrant.roles(texts)
            }
        ),
        .toggle("insecure", \.insecure, help: "Listen on a host that is not loopback without a token"),
        .optionalPath(
            "tls-cert",
            \.tlsCertificate,
            help: "The PEM file of the certificate chain; with --tls-key, https and wss"
        ),
        .optionalPath("tls-key", \.tlsKey, help: "The PEM file of the certificate's private key"),
    ]

    private static let folders: [Row] = [
        .path("data-dir", \.dataFolder, help: "The folder of the database and thumbnails; created when missing"),
        .list(
            "library",
            \.libraries,
            "DIR",
            accepts: "a path",
            help: "A folder of pictures to watch over",
            parse: Row.pathText
        ),
        .toggle("watch", \.watches, help: "Take in changes in the library's folders by itself"),
        .milliseconds(
            "poll-interval",
            \.pollInterval,
            in: 100...day,
            help: "The time between two looks at folders whose file system does not tell of changes"
        ),
        .optionalPath("trash", \.trashFolder, help: "Where deleted files go; they go for good when not set"),
        .optionalPath("web-dir", \.webFolder, help: "The dashboard's files; found as web-test-client when not set"),
        .optionalPath(
            "seeds-dir",
            \.seedsFolder,
            help: "The API descriptions and the demo library; found as seeds when not set"
        ),
    ]

    private static let pictures: [Row] = [
        .optionalPath(
            "ffmpeg",
            \.ffmpeg,
            help: "The program that decodes videos and rare pictures; found in PATH when not set"
        ),
        .bytes(
            "thumbnail-cache-bytes",
            \.thumbnailCacheBytes,
            in: 0...(1_024 * gibibyte),
            help: "Size of the small pictures kept on the disk for clients of Infinite Image Browsing"
        ),
        .toggle("stealth-metadata", \.readsStealthMetadata, help: "Read texts that are hidden in pictures' alpha"),
    ]

    private static let iib: [Row] = [
        .text(
            "iib-base",
            \.iibBase,
            "PATH",
            accepts: BasePathText.form,
            help: "Where clients of Infinite Image Browsing find their server",
            parse: BasePathText.path
        ),
        .optionalPath("iib-client", \.iibClient, help: "The folder of that program's built web client, served there"),
        .toggle("iib-allow-cors", \.iibAllowsCORS, help: "Let pages of any origin use that part of the server"),
        .toggle("enable-shutdown", \.enablesShutdown, help: "Let POST /shutdown below that path end the server"),
    ]

    private static let gallery: [Row] = [
        .list(
            "model-dir",
            \.modelFolders,
            "TYPE=DIR",
            accepts: ModelFolderText.folderForm,
            help: "A folder of models of a type, besides that of the data folder; other types make new ones",
            parse: ModelFolderText.folder
        ),
        .list(
            "model-suffix",
            \.modelSuffixes,
            "TYPE=SUFFIX",
            accepts: ModelFolderText.suffixForm,
            help: "A suffix by which files of a type are known, in place of the usual ones",
            parse: ModelFolderText.suffix
        ),
        .choice("gallery-meta", \.galleryMeta, help: "The form of meta_json in answers of the model gallery"),
        .optionalPath(
            "legacy-dir",
            \.legacyFolder,
            help: "The folder below which older galleries may be taken over from; none are when not set"
        ),
    ]

    private static let bounds: [Row] = [
        .number("max-connections", \.maxConnections, in: 1...1_000_000, help: "Sockets and event streams at once"),
        .number("max-subscriptions", \.maxSubscriptions, in: 1...65_536, help: "Topics a connection may subscribe to"),
        .bytes("max-message", \.maxMessage, in: 1_024...(32 << 20), help: "Size of one message from a client"),
        .number(
            "message-rate",
            \.messageRate,
            in: 1...1_000_000,
            help: "Messages a second from one connection; twice as many in a burst"
        ),
        .bytes("max-body", \.maxBody, in: 1_024...(64 * gibibyte), help: "Size of one HTTP request's body"),
        .number("max-queued-tasks", \.maxQueuedTasks, in: 1...10_000_000, help: "Tasks that may wait"),
        .number(
            "history-events",
            \.historyEvents,
            in: 0...10_000_000,
            help: "Events kept for clients that come back"
        ),
        .bytes("history-bytes", \.historyBytes, in: 0...(4 * gibibyte), help: "Size of the events kept"),
        .number("queue-events", \.queueEvents, in: 1...1_000_000, help: "Events that may wait for one connection"),
        .bytes("queue-bytes", \.queueBytes, in: 1_024...gibibyte, help: "Bytes that may wait for one connection"),
        .number("max-packed-files", \.maxPackedFiles, in: 1...1_000_000, help: "Files in one archive"),
        .bytes(
            "max-packed-bytes",
            \.maxPackedBytes,
            in: 1_024...(65_536 * gibibyte),
            help: "Size of the files in one archive"
        ),
    ]

    private static let times: [Row] = [
        .milliseconds("ping-interval", \.pingInterval, in: 1...day, help: "The silence after which the server pings"),
        .milliseconds("ping-timeout", \.pingTimeout, in: 1...day, help: "How long a ping may go unanswered"),
        .milliseconds("handshake-timeout", \.handshakeTimeout, in: 1...day, help: "How long a request's head may take"),
    ]

    private static let tasks: [Row] = [
        .milliseconds("lease", \.lease, in: 1...day, help: "How long a silent worker keeps a task"),
        .milliseconds("offer-timeout", \.offerTimeout, in: 1...day, help: "How long a worker may think about an offer"),
        .number("slots", \.slots, in: 0...4_096, help: "Tasks run in the server at once; 0 leaves all to workers"),
    ]

    private static let redis: [Row] = [
        Row(
            name: "redis",
            shape: .single,
            placeholder: "URL",
            accepts: "redis://[[user]:password@]host[:port][/db] or unix:///path[?db=n]",
            help: "The Redis that leads to Celery and to other servers",
            show: { $0.redis?.description ?? "" },
            read: { texts, configuration throws(ConfigurationError) in
                do throws(RedisAddress.Failure) {
                    configuration.redis = try texts.last.map { text throws(RedisAddress.Failure) in
                        try RedisAddress(text)
                    }
                } catch {
                    // The text may hold a password, so it is not repeated.
                    throw ConfigurationError("\(error)")
                }
            }
        ),
        .list(
            "redis-channels",
            \.redisChannels,
            "NAME",
            accepts: QueueText.channelForm,
            help: "A channel on which other servers and Socket.IO processes are heard",
            parse: QueueText.channel
        ),
        .text(
            "redis-publish-channel",
            \.redisPublishChannel,
            "NAME",
            accepts: QueueText.channelForm,
            help: "The channel on which this server speaks to them",
            parse: QueueText.channel
        ),
        .text(
            "server-name",
            \.serverName,
            "NAME",
            accepts: QueueText.nameForm,
            help: "The server's name among those on one Redis; made of the machine's name when not set",
            parse: QueueText.name
        ),
        Row(
            name: "celery",
            shape: .list,
            placeholder: "ROUTE",
            accepts: CeleryRoute.form,
            help: "Tasks of this name are run by Celery's workers, from this queue",
            show: { $0.celery.map(\.text).joined(separator: ",") },
            read: { texts, configuration throws(ConfigurationError) in
                configuration.celery = try CeleryRoute.routes(texts)
            }
        ),
        .number("celery-slots", \.celerySlots, in: 1...100_000, help: "Tasks that may be on Celery at once"),
        .milliseconds(
            "celery-lost-after",
            \.celeryLostAfter,
            in: 1...day,
            help: "How long a task may be nowhere on Celery before it is tried again"
        ),
        Row(
            name: "task-endpoint",
            shape: .single,
            placeholder: "URL",
            accepts: HostText.webAddressForm,
            help: "The address that tasks on Celery report to; this server's when not set",
            show: { $0.taskEndpoint ?? "" },
            read: { texts, configuration throws(ConfigurationError) in
                guard let text = texts.last, HostText.isWebAddress(text) else {
                    throw Row.complaint(texts.last ?? "", HostText.webAddressForm)
                }
                configuration.taskEndpoint = text
            }
        ),
    ]

    private static let log: [Row] = [
        .choice("log-level", \.logLevel, help: "The lowest level that is logged"),
        .choice("log-format", \.logFormat, help: "How a line of the log is written"),
    ]
}
