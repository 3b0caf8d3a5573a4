import Realtime
import ServiceLifecycle

/// Says goodbye to the other servers when the server stops, after all that happens then.
struct QueueService: Service {
    let queue: MessageQueue

    func run() async throws {
        queue.start()
        try? await gracefulShutdown()
        await queue.stop()
    }
}
