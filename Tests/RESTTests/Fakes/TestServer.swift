import Domain
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import NIOEmbedded

@testable import REST

/// Everything REST needs, faked, and its router, asked without a socket.
struct TestServer {
    struct Answer {
        let status: Int
        let headers: HTTPFields
        let body: [UInt8]

        var text: String { String(decoding: body, as: UTF8.self) }
        var json: JSON { (try? JSONParser.parse(body)) ?? .string("no JSON: \(text)") }
        /// `error.code` of a native error body.
        var code: String? { json["error"]?["code"]?.string }
    }

    let journal = Journal(epoch: "e1", clock: WallClock { 5000 })
    let tasks: FakeTasks
    let clients = FakeClients()
    let metrics = Metrics()
    let configuration: RESTConfiguration
    let services: RESTServices
    private let responder: RouterResponder<APIContext>

    init(
        access: AccessPolicy = AccessPolicy(),
        limits: HTTPLimits = HTTPLimits(),
        library: FakeLibrary = FakeLibrary(),
        dashboard: String? = nil,
        openAPI: String? = nil,
        celery: (any CeleryWorkers)? = nil,
        redisState: (@Sendable () -> RedisState)? = nil,
        iib: (IIBConfiguration, IIBServices)? = nil,
        gallery: (GalleryConfiguration, ModelGallery)? = nil
    ) {
        tasks = FakeTasks(journal: journal)
        var configuration = RESTConfiguration(
            limits: limits,
            access: access,
            dashboardFolder: dashboard,
            openAPIFolder: openAPI,
            version: "0.0.1"
        )
        if let iib { configuration.iib = iib.0 }
        if let gallery { configuration.gallery = gallery.0 }
        self.configuration = configuration
        services = RESTServices(
            journal: journal,
            tasks: tasks,
            library: library,
            clients: clients,
            metrics: metrics,
            celery: celery,
            redisState: redisState,
            iib: iib?.1,
            gallery: gallery?.1
        )
        responder = RouterBuilder.router(configuration, services).buildResponder()
    }

    /// Sends one request through middleware and routes.
    func ask(
        _ method: HTTPRequest.Method,
        _ path: String,
        headers: HTTPFields = [:],
        host: String? = "localhost:8188",
        body: String? = nil
    ) async throws -> Answer {
        try await ask(method, path, headers: headers, host: host, bytes: body.map { Array($0.utf8) })
    }

    /// Sends one request with a body of bytes.
    func ask(
        _ method: HTTPRequest.Method,
        _ path: String,
        headers: HTTPFields = [:],
        host: String? = "localhost:8188",
        bytes: [UInt8]?
    ) async throws -> Answer {
        var headers = headers
        if let bytes, headers[.contentLength] == nil { headers[.contentLength] = String(bytes.count) }
        let head = HTTPRequest(method: method, scheme: "http", authority: host, path: path, headerFields: headers)
        let request = Request(head: head, body: RequestBody(buffer: ByteBuffer(bytes: bytes ?? [])))
        let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        let channel = NIOAsyncTestingChannel()
        let context = APIContext(source: ApplicationRequestContextSource(channel: channel, logger: logger))
        let response = try await responder.respond(to: request, context: context)
        let collector = BodyCollector()
        try await response.body.write(collector)
        return Answer(status: response.status.code, headers: response.headers, body: collector.bytes)
    }

    func get(_ path: String, headers: HTTPFields = [:]) async throws -> Answer {
        try await ask(.get, path, headers: headers)
    }

    func post(_ path: String, _ body: String, type: String = "application/json") async throws -> Answer {
        try await ask(.post, path, headers: [.contentType: type], body: body)
    }
}
