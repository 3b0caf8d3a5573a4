import Domain
import Foundation
import Logging
import REST
import Realtime

/// Everything that can be set about the server, with its defaults.
///
/// Times are milliseconds, sizes bytes. The bounds are those of contracts/realtime.md §8. A value of this type that
/// came from ``ServerSettings`` is within all ranges and the rules between
/// settings are ``checkAccess()`` and ``checkFolders()``.
struct ServerConfiguration: Hashable, Sendable {
    /// Where the values came from, for what is only found to be wrong later.
    var origins = SettingOrigins()

    // MARK: Address

    /// The address or host name to listen on, without brackets.
    var host = "127.0.0.1"
    /// The TCP port; 0 takes any free one.
    var port = 8080
    /// Host names answered besides IP addresses, `localhost` and ``host``.
    var allowedHosts: [String] = []
    /// Origins whose pages may use the server besides its own, as `https://name:port`.
    var allowedOrigins: [String] = []
    /// Who may connect: role by token; empty makes everyone an admin.
    var tokens: [String: Role] = [:]
    /// Whether a host that is not loopback may be used without a token.
    var insecure = false
    /// The PEM file of the certificate chain; set together with ``tlsKey``.
    var tlsCertificate: String?
    /// The PEM file of the private key.
    var tlsKey: String?

    // MARK: Folders

    /// The folder of the database, thumbnails and uploads; created when missing.
    var dataFolder = "./data"
    /// Folders of pictures to watch over.
    var libraries: [String] = []
    /// Whether changes in the library's folders are taken in without being asked.
    var watches = true
    /// Milliseconds between two looks at folders whose file system does not tell of changes.
    var pollInterval: Milliseconds = 30_000
    /// Where files go that are deleted; `nil` when they go for good.
    var trashFolder: String?
    /// The dashboard's files; `nil` when none were found, and the server has no page.
    var webFolder: String?
    /// The API descriptions and the demo library; `nil` when none were found.
    var seedsFolder: String?

    // MARK: Infinite Image Browsing

    /// The path below which its clients are served, without a slash at its end.
    var iibBase = IIBConfiguration().base
    /// The folder of its built web client; `nil` for none.
    var iibClient: String?
    /// Whether pages of any origin may use that part of the server.
    var iibAllowsCORS = false
    /// Whether `POST /shutdown` ends the server.
    var enablesShutdown = false
    /// What its own environment variables say.
    var iib = IIBVariables()

    // MARK: Model gallery

    /// Folders of models by type, besides those of the data folder.
    var modelFolders: [ModelFolderText] = []
    /// Suffixes of model files by type; a type without any has the usual ones.
    var modelSuffixes: [ModelFolderText] = []
    /// How `meta_json` is answered.
    var galleryMeta = GalleryConfiguration().metaForm
    /// The folder below which databases of older galleries may be read; `nil` for none.
    var legacyFolder: String?

    // MARK: Pictures

    /// The program `ffmpeg`; `nil` for the first one in `PATH`.
    var ffmpeg: String?
    /// Bytes of the small pictures that are kept on the disk.
    var thumbnailCacheBytes = 2 << 30
    /// Whether texts hidden in pixels are looked for in pictures that say nothing else.
    var readsStealthMetadata = false

    // MARK: Bounds

    /// Sockets and event streams at once.
    var maxConnections = 20_000
    /// TCP connections of any kind at once, `nil` for no bound.
    ///
    /// What comes past it waits to be accepted.
    var maxSockets: Int?
    /// Topics a connection may subscribe to.
    var maxSubscriptions = 256
    /// Bytes of one message from a client.
    var maxMessage = 262_144
    /// Messages a second from one connection; twice as many in a burst.
    var messageRate = 1_000
    /// Bytes of one HTTP request's body.
    var maxBody = 64 * 1_048_576
    /// Tasks that may wait.
    var maxQueuedTasks = 100_000
    /// Events kept for clients that come back.
    var historyEvents = 10_000
    /// Bytes of the events kept.
    var historyBytes = 16 * 1_048_576
    /// Events that may wait for one connection.
    var queueEvents = 1_000
    /// Bytes that may wait for one connection.
    var queueBytes = 1_048_576

    /// Files that may be packed into one archive.
    var maxPackedFiles = PackingLimits().files
    /// The sum of their sizes in bytes.
    var maxPackedBytes = PackingLimits().bytes

    // MARK: Times

    /// The silence in milliseconds after which the server pings.
    var pingInterval: Milliseconds = 25_000
    /// How long in milliseconds a ping may go unanswered.
    var pingTimeout: Milliseconds = 20_000
    /// How long in milliseconds a request's head may take.
    var handshakeTimeout: Milliseconds = 10_000

    // MARK: Tasks

    /// How long in milliseconds a worker keeps a task without a sign of life.
    var lease: Milliseconds = 15_000
    /// How long in milliseconds a worker may think about an offer.
    var offerTimeout: Milliseconds = 5_000
    /// Tasks run in the server at once; 0 leaves all to workers.
    var slots = ProcessInfo.processInfo.activeProcessorCount

    // MARK: Redis and Celery

    /// The Redis to use; `nil` for none.
    var redis: RedisAddress?
    /// The channels of Redis on which other Socket.IO processes and servers are heard.
    var redisChannels = MessageQueue.Configuration.channels
    /// The channel on which this server speaks to them.
    var redisPublishChannel = MessageQueue.Configuration.publishChannel
    /// The server's name among those on one Redis; empty for one made of the machine's name.
    var serverName = ""
    /// Which tasks Celery runs; needs ``redis``.
    var celery: [CeleryRoute] = []
    /// How long in milliseconds a task may be nowhere on Celery before it counts as lost.
    var celeryLostAfter: Milliseconds = 60_000
    /// Tasks that may be on Celery at once.
    var celerySlots = 1_000
    /// The address that tasks on Celery report to; `nil` for this server's own (``workerEndpoint``).
    var taskEndpoint: String?

    // MARK: Log

    /// The lowest level that is written.
    var logLevel = Logger.Level.info
    /// How a line is written.
    var logFormat = LogFormat.text

    /// What must not stand in the log.
    var secrets: [String] { Array(tokens.keys) + [iib.secretKey, redis?.password].compactMap(\.self) }

    /// The program that decodes videos and rare pictures; `nil` when there is none.
    var ffmpegProgram: String? {
        FFmpeg.find(ffmpeg, searchPath: ProcessInfo.processInfo.environment["PATH"])
    }

    /// Whether anyone must say who they are.
    var needsToken: Bool { !tokens.isEmpty || iib.secretKey != nil }

    /// Whether the server speaks https and wss.
    var usesTLS: Bool { tlsCertificate != nil }

    /// The address that tasks on Celery report to (contracts/vframe.md §3, Task).
    ///
    /// Workers on other machines cannot reach an address that stands for all of this one's, so its name is used then.
    var workerEndpoint: String {
        if let taskEndpoint { return taskEndpoint }
        let name = ["0.0.0.0", "::"].contains(host) ? ProcessStatistics.hostName : host
        return "\(usesTLS ? "https" : "http")://\(HostText.inURL(name)):\(port)/worker"
    }

    /// Who may connect, for REST and Realtime alike.
    var accessPolicy: AccessPolicy {
        let isName = !IPAddress.isValid(host)
        var tokens = tokens
        if let key = iib.secretKey, tokens[key] == nil { tokens[key] = .operator }
        return AccessPolicy(tokens: tokens, hosts: allowedHosts + (isName ? [host] : []), origins: allowedOrigins)
    }

    /// Which paths clients of Infinite Image Browsing may name.
    ///
    /// Where people have roles, no one may read beyond the library what would give another role, such as this server's
    /// configuration file, unless `IIB_ACCESS_CONTROL` is `disable`.
    var iibRule: PathAccess.Rule {
        guard iib.rule == .everything, !iib.isAccessFree, !tokens.isEmpty else { return iib.rule }
        return iib.allowedPaths.map { .folders($0) } ?? .library
    }

    /// How clients of Infinite Image Browsing are served.
    var iibConfiguration: IIBConfiguration {
        IIBConfiguration(
            base: iibBase,
            permission: iib.permission,
            rule: iibRule,
            allowsCORS: iibAllowsCORS,
            enablesShutdown: enablesShutdown,
            clientFolder: iibClient,
            cacheFolder: iib.cacheFolder,
            language: iib.language
        )
    }
}
