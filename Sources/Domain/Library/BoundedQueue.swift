import DequeModule
import Dispatch
import Synchronization

/// A queue between threads that holds at most so many elements: who adds to a full one waits.
///
/// For threads of our own only; its calls block.
final class BoundedQueue<Element: Sendable>: Sendable {
    private let elements = Mutex<Deque<Element>>([])
    private let free: DispatchSemaphore
    private let filled = DispatchSemaphore(value: 0)

    init(limit: Int) {
        // A semaphore must not be destroyed below its first value, so it starts at 0 and is raised.
        free = DispatchSemaphore(value: 0)
        for _ in 0..<limit { free.signal() }
    }

    /// Adds an element; waits while the queue is full.
    func push(_ element: Element) {
        free.wait()
        elements.withLock { $0.append(element) }
        filled.signal()
    }

    /// Takes the oldest element; waits while there is none.
    func pop() -> Element? {
        filled.wait()
        return take()
    }

    /// Takes the oldest element; waits until `deadline`, then answers `nil`.
    func pop(until deadline: DispatchTime) -> Element? {
        filled.wait(timeout: deadline) == .success ? take() : nil
    }

    private func take() -> Element? {
        defer { free.signal() }
        return elements.withLock { $0.popFirst() }
    }
}
