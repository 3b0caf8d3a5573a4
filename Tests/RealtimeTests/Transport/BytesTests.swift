import Testing

@testable import Realtime

struct BytesTests {
    @Test("appending to one holder's bytes never changes another's")
    func values() {
        var first = Bytes([1, 2])
        let second = first
        first.append(Bytes([3]))
        first.write(byte: 4)
        #expect(first.withUnsafeBytes { Array($0) } == [1, 2, 3, 4])
        #expect(second.withUnsafeBytes { Array($0) } == [1, 2])
        var third = first
        third.removeAll()
        #expect(third.isEmpty && first.count == 4)
    }

    @Test("an outbox hands everything over in one write and begins anew")
    func outbox() {
        let outbox = Outbox()
        let link = RecordingLink()
        #expect(outbox.flush(to: link) == 0)
        outbox.write(byte: 1)
        [2, 3].withUnsafeBytes { _ in outbox.write(byte: 2) }
        #expect(outbox.flush(to: link) == 2)
        outbox.write(byte: 9)
        #expect(link.take() == [1, 2])
        #expect(outbox.flush(to: link) == 1)
        #expect(link.take() == [9])
        #expect(link.writes == 2 && outbox.isEmpty)
    }
}
