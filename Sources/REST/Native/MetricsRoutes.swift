import Domain
import Hummingbird

/// `GET /metrics`: the Prometheus text format, version 0.0.4.
struct MetricsRoutes {
    let metrics: Metrics

    var routes: [Route] {
        [Route(.get, "/metrics") { _, _ in .text(metrics.text, type: "text/plain; version=0.0.4; charset=utf-8") }]
    }
}
