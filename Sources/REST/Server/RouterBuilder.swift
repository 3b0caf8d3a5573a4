import Domain
import HTTPTypes
import Hummingbird

/// Puts routes and middleware together.
enum RouterBuilder {
    /// All routes of all dialects.
    static func routes(_ configuration: RESTConfiguration, _ services: RESTServices) -> [Route] {
        let json = configuration.limits.jsonBytes
        return HealthRoutes(
            version: configuration.version,
            epoch: services.journal.epoch,
            redisState: services.redisState
        ).routes
            + MetricsRoutes(metrics: services.metrics).routes
            + TaskRoutes(
                tasks: services.tasks,
                journal: services.journal,
                bodyLimit: json,
                resultLimit: min(configuration.limits.bodyBytes, TaskResult.uploadLimit)
            ).routes
            + LibraryRoutes(library: services.library, journal: services.journal).routes
            + (services.index.map { MediaRoutes(index: $0).routes } ?? [])
            + ContentRoutes(library: services.library).routes
            + ThumbnailRoutes(library: services.library).routes
            + ClientRoutes(journal: services.journal).routes
            + OpenAPIRoutes(folder: configuration.openAPIFolder, convert: configuration.openAPIConverter).routes
            + VFrameTaskRoutes(
                tasks: services.tasks,
                journal: services.journal,
                bodyLimit: json,
                celery: services.celery
            ).routes
            + VFrameSocketRoutes(clients: services.clients, journal: services.journal, bodyLimit: json).routes
            + (services.iib.map {
                IIBRoutes(configuration: configuration.iib, services: $0, version: configuration.version).routes
            } ?? [])
            + (services.gallery.map {
                GalleryRoutes(
                    configuration: configuration.gallery,
                    gallery: $0,
                    jsonLimit: json,
                    uploadLimit: configuration.limits.bodyBytes
                ).routes
            } ?? [])
    }

    /// The router with everything around the routes, outermost first: log, CORS, errors, access, bounds, files.
    static func router(_ configuration: RESTConfiguration, _ services: RESTServices) -> Router<APIContext> {
        let routes = routes(configuration, services)
        let table = RouteTable(routes)
        let iib = services.iib.map { _ in configuration.iib }
        let router = Router(context: APIContext.self, options: .autoGenerateHeadEndpoints)
        router.add(
            middleware: RequestLogMiddleware(
                requests: services.metrics.counter("http_requests_total", help: "Answered requests."),
                seconds: services.metrics.histogram(
                    "http_request_duration_seconds",
                    help: "From a request's head to the beginning of its answer.",
                    bounds: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
                )
            )
        )
        if let iib { router.add(middleware: IIBCORSMiddleware(configuration: iib, policy: configuration.access)) }
        if services.gallery != nil { router.add(middleware: GalleryCORSMiddleware(policy: configuration.access)) }
        router.add(middleware: CORSMiddleware(policy: configuration.access))
        router.add(middleware: ErrorMiddleware(routes: table, iib: iib, servesGallery: services.gallery != nil))
        router.add(middleware: AccessMiddleware(policy: configuration.access, routes: table, iib: iib))
        router.add(middleware: BodyLimitMiddleware(limit: configuration.limits.bodyBytes))
        if let folder = configuration.dashboardFolder {
            router.add(middleware: DashboardMiddleware(folder: folder, routes: table))
        }
        for route in routes {
            router.on(RouterPath(route.path), method: route.method, use: route.handler)
        }
        return router
    }
}
