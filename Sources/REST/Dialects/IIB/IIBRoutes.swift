import HTTPTypes

/// All routes of the dialect, one part a resource (contracts/iib.md).
struct IIBRoutes {
    let configuration: IIBConfiguration
    let services: IIBServices
    /// The server's version, such as `0.1.0`.
    let version: String

    var routes: [Route] {
        let client = IIBClientRoutes(configuration: configuration)
        let parts: [[IIBRoute]] = [
            IIBFileRoutes(services: services, language: configuration.language).routes,
            IIBZipRoutes(services: services, language: configuration.language).routes,
            IIBMediaRoutes(services: services).routes,
            IIBThumbnailRoutes(services: services).routes,
            IIBMetadataRoutes(services: services).routes,
            IIBIndexRoutes(services: services).routes,
            IIBSearchRoutes(services: services).routes,
            IIBTagRoutes(configuration: configuration, services: services).routes,
            IIBExtraPathRoutes(configuration: configuration, services: services).routes,
            IIBSettingRoutes(configuration: configuration, services: services).routes,
            IIBSystemRoutes(configuration: configuration, services: services, version: version).routes,
            client.routes,
        ]
        return parts.joined().map { $0.route(configuration) } + client.rootRoutes
    }
}
