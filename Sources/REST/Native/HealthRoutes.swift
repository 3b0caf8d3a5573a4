import Domain
import Hummingbird

/// `GET /healthz` and `GET /api/version`: whether and what.
struct HealthRoutes {
    let version: String
    let epoch: String
    /// `nil` when the server uses no Redis.
    let redisState: (@Sendable () -> RedisState)?
    private let started = ContinuousClock.now

    init(version: String, epoch: String, redisState: (@Sendable () -> RedisState)? = nil) {
        self.version = version
        self.epoch = epoch
        self.redisState = redisState
    }

    var routes: [Route] {
        [
            Route(.get, "/healthz") { _, _ in
                .json {
                    $0.field("status", "ok")
                    $0.field("version", version)
                    $0.field("uptime", started.duration(to: .now).components.seconds)
                    // The server works without it, so that it is away is no failure.
                    $0.field("redis", redisState?().rawValue)
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
