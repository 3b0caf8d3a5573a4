import Dispatch
import Testing

@testable import Domain

struct BoundedQueueTests {
    @Test("Elements come out in the order in which they went in")
    func order() {
        let queue = BoundedQueue<Int>(limit: 4)
        for index in 0..<4 { queue.push(index) }
        #expect((0..<4).map { _ in queue.pop() } == [0, 1, 2, 3])
        #expect(queue.pop(until: .now()) == nil)
    }

    @Test("Who adds to a full queue waits, so it never holds more than its limit")
    func bound() {
        let queue = BoundedQueue<Int>(limit: 3)
        let pushed = Counter()
        let group = DispatchGroup()
        OwnThreads.start("push", count: 1, in: group) {
            for index in 0..<1000 {
                queue.push(index)
                _ = pushed.next()
            }
        }
        for index in 0..<1000 {
            #expect(queue.pop() == index)
            // Taken so far, in the queue, and one that may be counted late.
            #expect(pushed.value <= index + 1 + 3)
        }
        group.wait()
        #expect(pushed.value == 1000)
    }
}
