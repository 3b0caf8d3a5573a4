import Domain
import Realtime

extension Metrics {
    /// Adds what goes over the message queue.
    func add(_ statistics: MessageQueueStatistics) {
        gauge("vitrine_queue_connected", help: "Whether the message queue can be spoken and heard on.") {
            statistics.isConnected ? 1 : 0
        }
        gauge("vitrine_queue_servers", help: "Other servers on the message queue.") { Double(statistics.servers) }
        counter("vitrine_queue_published_total", help: "Messages put on the message queue.") {
            [Sample(Double(statistics.publishedMessages))]
        }
        counter("vitrine_queue_received_total", help: "Messages read from the message queue, own ones included.") {
            [Sample(Double(statistics.receivedMessages))]
        }
        counter("vitrine_queue_ignored_total", help: "Messages of the message queue passed over, by reason.") {
            statistics.ignoredMessages.sorted { $0.key < $1.key }.map {
                Sample(Double($0.value), labels: ["reason": $0.key])
            }
        }
    }
}
