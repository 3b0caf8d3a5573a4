import Domain
import Synchronization

/// One reachable client, and what it was sent.
final class FakeClients: ClientMessenger {
    let id = "client-1"
    let sent = Mutex<[JSON]>([])

    func send(event: JSON, toClient id: String) -> Bool {
        guard id == self.id else { return false }
        sent.withLock { $0.append(event) }
        return true
    }
}
