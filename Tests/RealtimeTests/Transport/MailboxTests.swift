import Synchronization
import Testing

@testable import Realtime

struct MailboxTests {
    @Test("a burst wakes the loop once, and comes out whole and in order")
    func burst() {
        let loop = ManualLoop()
        let mailbox = Mailbox<Int>(loop: loop)
        let wakes = Atomic<Int>(0)
        nonisolated(unsafe) var taken: [[Int]] = []
        for number in 0..<5 {
            mailbox.post(number) {
                wakes.add(1, ordering: .relaxed)
                taken.append(mailbox.takeAll())
            }
        }
        loop.run()
        #expect(wakes.load(ordering: .relaxed) == 1)
        #expect(taken == [[0, 1, 2, 3, 4]])
        mailbox.post(5) { wakes.add(1, ordering: .relaxed) }
        loop.run()
        #expect(wakes.load(ordering: .relaxed) == 2)
        #expect(mailbox.takeAll() == [5])
        #expect(mailbox.takeAll().isEmpty)
    }
}
