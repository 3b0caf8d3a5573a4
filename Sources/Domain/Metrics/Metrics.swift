import Synchronization

/// What the server counts about itself, in the Prometheus text format, version 0.0.4.
///
/// Parts that count as they go hold a ``Counter`` or ``Histogram``; what can be read at any time is a closure that is
/// asked when someone looks.
package final class Metrics: Sendable {
    /// One value of a family, told from its siblings by labels.
    package struct Sample: Sendable {
        /// Values by name.
        package var labels: [String: String]
        /// The present value.
        package var value: Double

        /// A value with its labels.
        package init(_ value: Double, labels: [String: String] = [:]) {
            self.labels = labels
            self.value = value
        }
    }

    private struct Family: Sendable {
        let name: String
        let help: String
        let type: String
        let write: @Sendable (inout Text) -> Void
    }

    private let families = Mutex<[Family]>([])

    /// No metrics.
    package init() {}

    /// Adds a counter that its owner adds to.
    package func counter(_ name: String, help: String) -> Counter {
        let counter = Counter()
        add(Family(name: name, help: help, type: "counter") { counter.write(&$0, name) })
        return counter
    }

    /// Adds a counter whose samples `read` knows; they must never fall.
    package func counter(_ name: String, help: String, read: @escaping @Sendable () -> [Sample]) {
        add(
            Family(name: name, help: help, type: "counter") { text in for sample in read() { text.line(name, sample) } }
        )
    }

    /// Adds a gauge whose samples `read` knows.
    package func gauge(_ name: String, help: String, read: @escaping @Sendable () -> [Sample]) {
        add(Family(name: name, help: help, type: "gauge") { text in for sample in read() { text.line(name, sample) } })
    }

    /// Adds a gauge of one value without labels.
    package func gauge(_ name: String, help: String, value: @escaping @Sendable () -> Double) {
        gauge(name, help: help, read: { [Sample(value())] })
    }

    /// Adds a histogram with the given upper bounds, in growing order.
    package func histogram(_ name: String, help: String, bounds: [Double]) -> Histogram {
        let histogram = Histogram(bounds: bounds)
        add(Family(name: name, help: help, type: "histogram") { histogram.write(&$0, name) })
        return histogram
    }

    private func add(_ family: Family) {
        families.withLock { $0.append(family) }
    }

    /// Everything as text, families in the order in which they were added.
    package var text: String {
        var text = Text()
        for family in families.withLock({ $0 }) {
            text.head(family.name, help: family.help, type: family.type)
            family.write(&text)
        }
        return text.text
    }
}
