import HTTPTypes

/// All routes of the dialect, one part a resource (contracts/iib.md).
struct IIBRoutes {
    let configuration: IIBConfiguration
    let services: IIBServices

    var routes: [Route] {
        let parts: [[IIBRoute]] = [
            IIBSystemRoutes(configuration: configuration, services: services).routes,
            IIBFileRoutes(services: services, language: configuration.language).routes,
            IIBZipRoutes(services: services, language: configuration.language).routes,
        ]
        return parts.joined().map { $0.route(configuration) }
    }
}
