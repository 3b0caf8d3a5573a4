import Synchronization

extension Metrics {
    /// How often values fell below each of a few bounds.
    package final class Histogram: Sendable {
        private struct State {
            var counts: [Int]
            var sum = 0.0
        }

        private let bounds: [Double]
        private let state: Mutex<State>

        init(bounds: [Double]) {
            self.bounds = bounds
            state = Mutex(State(counts: Array(repeating: 0, count: bounds.count + 1)))
        }

        /// Counts one value.
        package func record(_ value: Double) {
            let bucket = bounds.firstIndex { value <= $0 } ?? bounds.count
            state.withLock {
                $0.counts[bucket] += 1
                $0.sum += value
            }
        }

        func write(_ text: inout Text, _ name: String) {
            let (counts, sum) = state.withLock { ($0.counts, $0.sum) }
            var total = 0
            for (bound, count) in zip(bounds, counts) {
                total += count
                text.line("\(name)_bucket", Sample(Double(total), labels: ["le": Text.number(bound)]))
            }
            total += counts[bounds.count]
            text.line("\(name)_bucket", Sample(Double(total), labels: ["le": "+Inf"]))
            text.line("\(name)_sum", Sample(sum))
            text.line("\(name)_count", Sample(Double(total)))
        }
    }
}
