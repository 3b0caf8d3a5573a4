import HTTPTypes

/// All routes of the dialect, one part a resource (contracts/iib.md).
struct IIBRoutes {
    let configuration: IIBConfiguration
    let services: IIBServices

    var routes: [Route] {
        let parts: [[IIBRoute]] = [
            IIBSystemRoutes(configuration: configuration, services: services).routes
        ]
        return parts.joined().map { $0.route(configuration) }
    }
}
