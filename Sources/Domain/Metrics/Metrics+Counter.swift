import OrderedCollections
import Synchronization

extension Metrics {
    /// Sums that only grow, one for each set of labels.
    package final class Counter: Sendable {
        private let values = Mutex<OrderedDictionary<[String: String], Double>>([:])

        init() {}

        /// Adds `amount`, which must not be negative, to the sum with these labels.
        package func add(_ amount: Double = 1, _ labels: [String: String] = [:]) {
            values.withLock { $0[labels, default: 0] += amount }
        }

        func write(_ text: inout Text, _ name: String) {
            for (labels, value) in values.withLock({ $0 }) { text.line(name, Sample(value, labels: labels)) }
        }
    }
}
