import Synchronization

/// A queue from any thread to one loop that wakes the loop once a burst.
///
/// Everything posted before the loop gets round to it is taken out together: that is what makes bursts.
final class Mailbox<Message: Sendable>: Sendable {
    private struct State {
        var messages: [Message] = []
        var isAwake = false
    }

    private let state = Mutex(State())
    private let loop: any SessionLoop

    init(loop: any SessionLoop) {
        self.loop = loop
    }

    /// Adds a message; `wake` runs on the loop when none has been scheduled since the last ``takeAll()``.
    func post(_ message: Message, wake: @escaping @Sendable () -> Void) {
        let mustWake = state.withLock { state in
            state.messages.append(message)
            defer { state.isAwake = true }
            return !state.isAwake
        }
        if mustWake { loop.execute(wake) }
    }

    /// Takes out everything posted so far; on the loop.
    func takeAll() -> [Message] {
        state.withLock { state in
            state.isAwake = false
            return exchange(&state.messages, with: [])
        }
    }

    private func exchange(_ messages: inout [Message], with new: [Message]) -> [Message] {
        defer { messages = new }
        return messages
    }
}
