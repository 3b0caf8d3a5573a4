import Hummingbird
import HummingbirdCore
import HummingbirdTLS
package import Logging
package import NIOCore
import NIOSSL
import ServiceLifecycle

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The HTTP server: REST for everyone, and the door through which sockets come in.
///
/// Runs until graceful shutdown: then it stops accepting, lets requests finish, and waits for every connection to
/// close, also for those that have been taken over.
package struct RESTServer: Service {
    private let application: Application<RouterResponder<APIContext>>
    private let address: String
    private let taken: TakenConnections

    /// Makes a server that listens once it runs.
    ///
    /// Without `services` there are no routes, and every request that `takeover` does not claim gets 404.
    /// `takeover` gets the connections it claims. `onListening` is called with the port as soon as it is bound.
    /// Throws what NIOSSL throws when the certificate or the key cannot be used.
    package init(
        configuration: RESTConfiguration,
        services: RESTServices?,
        takeover: (any ConnectionTakeover)? = nil,
        eventLoopGroup: any EventLoopGroup,
        logger: Logger,
        onListening: @escaping @Sendable (Int) async -> Void = { _ in }
    ) throws {
        let taken = TakenConnections()
        self.taken = taken
        let plain = HTTPServerBuilder { responder in
            HTTPConnection(
                limits: configuration.limits,
                takeover: takeover,
                isSecure: configuration.tls != nil,
                taken: taken,
                responder: responder
            )
        }
        address = "\(configuration.host), port \(configuration.port)"
        let server = try configuration.tls.map { try Self.secured(plain, $0) } ?? plain
        application = Application(
            router: services.map { RouterBuilder.router(configuration, $0) } ?? Router(context: APIContext.self),
            server: server,
            configuration: ApplicationConfiguration(
                address: .hostname(configuration.host, port: configuration.port),
                serverName: "vitrine/\(configuration.version)",
                backlog: 4096,
                // After a crash the port can be bound at once; two servers on one port cannot happen by this.
                reuseAddress: true,
                // Without this bound accept fails over and over once no file can be opened any more.
                availableConnectionsDelegate: configuration.maxSockets.map { MaximumAvailableConnections($0) }
            ),
            onServerRunning: { channel in await onListening(channel.localAddress?.port ?? configuration.port) },
            eventLoopGroupProvider: .shared(eventLoopGroup),
            logger: logger
        )
    }

    private static func secured(
        _ base: HTTPServerBuilder,
        _ files: RESTConfiguration.TLS
    ) throws -> HTTPServerBuilder {
        let chain = try NIOSSLCertificate.fromPEMFile(files.certificateFile)
        let key = try NIOSSLPrivateKey(file: files.keyFile, format: .pem)
        var tls = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) },
            privateKey: .privateKey(key)
        )
        tls.minimumTLSVersion = .tlsv12
        tls.applicationProtocols = ["http/1.1"]
        return try .tls(base, tlsConfiguration: tls)
    }

    /// Listens and answers until graceful shutdown.
    ///
    /// Throws ``AddressInUse`` when another program has the port, or what binding it throws otherwise.
    package func run() async throws {
        do {
            try await application.run()
        } catch let error as IOError where error.errnoCode == EADDRINUSE {
            throw AddressInUse(address: address)
        }
        await taken.closed()
    }
}
