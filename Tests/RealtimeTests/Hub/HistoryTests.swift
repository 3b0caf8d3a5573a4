import Testing

@testable import Domain
@testable import Realtime

struct HistoryTests {
    private func frame(_ offset: Int, _ name: String = "a", key: String? = nil) -> EventFrame {
        let event = Event.appMessage(name: name, from: "f", data: "d", key: key)
        return EventFrame(Journal.Entry(offset: offset, at: 0, event: event), epoch: "e")
    }

    private func offsets(_ history: History, after offset: Int, _ topics: Set<Topic> = [.app("a")]) -> [Int]? {
        history.events(after: offset, of: topics)?.map(\.offset)
    }

    @Test("an empty history reaches back to where it began, and no further")
    func empty() {
        let history = History(events: 3, bytes: 1 << 20, startingAfter: 5)
        #expect(offsets(history, after: 5) == [])
        #expect(offsets(history, after: 4) == nil)
    }

    @Test("the events of the topics after an offset come in order")
    func topics() {
        var history = History(events: 10, bytes: 1 << 20)
        for offset in 1...6 { history.append(frame(offset, offset % 2 == 0 ? "a" : "b")) }
        #expect(offsets(history, after: 0) == [2, 4, 6])
        #expect(offsets(history, after: 2) == [4, 6])
        #expect(offsets(history, after: 1, [.app("a"), .app("b")]) == [2, 3, 4, 5, 6])
        #expect(offsets(history, after: 6) == [])
        #expect(offsets(history, after: 0, [.tasks]) == [])
    }

    @Test("past the number of events the oldest go, and who needs them is told")
    func eventsBound() {
        var history = History(events: 3, bytes: 1 << 20)
        for offset in 1...5 { history.append(frame(offset)) }
        #expect(history.forgottenThrough == 2)
        #expect(offsets(history, after: 2) == [3, 4, 5])
        #expect(offsets(history, after: 1) == nil)
    }

    @Test("past the bytes the oldest go")
    func bytesBound() {
        let size = frame(1).size
        var history = History(events: 100, bytes: 2 * size)
        for offset in 1...4 { history.append(frame(offset)) }
        #expect(offsets(history, after: 2) == [3, 4])
        #expect(offsets(history, after: 1) == nil)
    }

    @Test("of each key only the newest comes; equal keys of other topics are other keys")
    func keys() {
        var history = History(events: 100, bytes: 1 << 20)
        history.append(frame(1, key: "k"))
        history.append(frame(2, "b", key: "k"))
        history.append(frame(3))
        history.append(frame(4, key: "k"))
        #expect(offsets(history, after: 0, [.app("a"), .app("b")]) == [2, 3, 4])
    }
}
