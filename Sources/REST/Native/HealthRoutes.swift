import Domain
import Hummingbird

/// `GET /healthz` and `GET /api/version`: whether and what.
struct HealthRoutes {
    let version: String
    let epoch: String
    private let started = ContinuousClock.now

    init(version: String, epoch: String) {
        self.version = version
        self.epoch = epoch
    }

    var routes: [Route] {
        [
            Route(.get, "/healthz") { _, _ in
                .json {
                    $0.field("status", "ok")
                    $0.field("version", version)
                    $0.field("uptime", started.duration(to: .now).components.seconds)
                }
            },
            Route(.get, "/api/version") { _, _ in
                .json {
                    $0.field("name", "vitrine")
                    $0.field("version", version)
                    $0.field("epoch", epoch)
                    $0.field("protocols", ["vitrine.v1"])
                }
            },
        ]
    }
}
