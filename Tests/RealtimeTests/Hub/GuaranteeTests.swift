import Domain
import Testing

@testable import Realtime

/// G1 to G7 of contracts/realtime.md §3, each in its plainest form; HubModelTests mixes them.
struct GuaranteeTests {
    private let subscribe = #"{"type":"subscribe","id":1,"topics":["app/b","app/a"]}"#

    private func datas(_ messages: [JSON]) -> [String] {
        messages.map { $0.type == "app.message" ? $0["data"]?.text ?? "?" : $0.type }
    }

    // MARK: - G1, G2

    @Test("snapshots come in the order asked, then synced, then every later event once")
    func snapshotThenStream() throws {
        let test = TestHub()
        let client = try test.connect()
        test.say("a", 1, key: "k")
        _ = client.take()
        // Posted but not yet delivered: the snapshot holds it, so it must not come.
        let messages = client.ask(subscribe)
        #expect(messages.map(\.type) == ["snapshot", "snapshot", "synced"])
        #expect(messages.map { $0["topic"]?.string } == ["app/b", "app/a", nil])
        #expect(messages[1].text == #"{"type":"snapshot","topic":"app/a","offset":2,"state":{"values":{"k":1}}}"#)
        #expect(messages[2].text == #"{"type":"synced","id":1,"topics":["app/b","app/a"],"epoch":"e1","offset":2}"#)
        test.say("a", 2)
        test.say("c", 3)
        test.say("b", 4)
        test.run()
        #expect(datas(client.take()) == ["2", "4"])
    }

    @Test("events published between the reading of a snapshot and the end of the turn come after synced")
    func eventsInTheSameTurn() throws {
        let test = TestHub()
        let client = try test.connect()
        client.send(#"{"type":"subscribe","topics":["app/a"]}"#)
        _ = client.take()
        test.say("a", 1)
        // Two messages in one burst: the first event is delivered before the second snapshot, none comes twice.
        client.link.onWrite = { [weak link = client.link] in
            link?.onWrite = nil
            test.say("a", 2)
            test.say("b", 3)
        }
        client.session.receive(client.frames.encode(subscribe))
        test.run()
        #expect(datas(client.take()) == ["1", "snapshot", "snapshot", "synced", "2", "3"])
    }

    @Test("an event of two subscribed topics comes once")
    func once() throws {
        let test = TestHub()
        let client = try test.connect()
        test.journal.publish(.taskCreated(TaskRecord(id: "t", name: "n", created: 1)))
        client.send(#"{"type":"subscribe","topics":["tasks","task/t"]}"#)
        _ = client.take()
        test.journal.publish(.taskLog(task: "t", line: TaskLogLine(at: 1, level: .info, message: "m")))
        test.run()
        #expect(client.takeTypes() == ["task.log"])
    }

    @Test("after the answer to unsubscribe no event of the topic comes")
    func unsubscribe() throws {
        let test = TestHub()
        let client = try test.connect()
        client.send(subscribe)
        _ = client.take()
        test.say("a", 1)
        #expect(datas(client.ask(#"{"type":"unsubscribe","id":2,"topics":["app/a","app/z"]}"#)).last == "ok")
        test.say("a", 2)
        test.say("b", 3)
        test.run()
        #expect(datas(client.take()) == ["3"])
    }

    @Test("a client that becomes writable in the middle of a drain does not overtake it with its next messages")
    func writableInADrain() throws {
        let test = TestHub { $0.messageRate = 1 }
        let client = try test.connect()
        client.send(subscribe)
        client.send(#"{"type":"ping"}"#)
        // The rate is spent: this one waits in the inbox.
        client.send(#"{"type":"subscribe","id":2,"topics":["app/a","app/b","app/c"]}"#)
        _ = client.take()
        test.loop.advance(50)
        client.link.capacity = 1
        for number in 0..<3 { test.say("a", .int(Int64(number))) }
        let other = try test.connect()
        other.send(#"{"type":"subscribe","topics":["app/c"]}"#)
        test.say("c", 9)
        test.loop.advance(2_000)
        test.say("a", 3)
        test.run()
        #expect(datas(client.take()) == ["0", "1", "2", "snapshot", "snapshot", "snapshot", "synced", "3"])
    }

    // MARK: - G3, G4

    @Test("with since, what was missed is replayed in order, of each key only the newest, without a snapshot")
    func replay() throws {
        let test = TestHub()
        let start = test.say("a", 1)
        test.say("a", 2, key: "k")
        test.say("b", 3)
        test.say("c", 4)
        test.say("a", 5, key: "k")
        let client = try test.connect()
        _ = client.take()
        let since = #"{"epoch":"e1","offset":\#(start)}"#
        let offset = test.offset
        let messages = client.ask(#"{"type":"subscribe","id":1,"topics":["app/a","app/b"],"since":\#(since)}"#)
        #expect(datas(messages) == ["3", "5", "synced"])
        #expect(messages.last?.offset == offset)
        test.say("a", 6)
        test.run()
        #expect(datas(client.take()) == ["6"])
    }

    @Test(
        "a since of another epoch, of the future or of what is forgotten gives a resync, then snapshots",
        arguments: [("e0", 1, "epoch"), ("e1", 1_000, "epoch"), ("e1", 1, "history")]
    )
    func resync(epoch: String, offset: Int, reason: String) throws {
        let test = TestHub { $0.historyEvents = 5 }
        for number in 0..<10 { test.say("a", .int(Int64(number)), key: "k") }
        let client = try test.connect()
        _ = client.take()
        let since = #"{"epoch":"\#(epoch)","offset":\#(offset)}"#
        let messages = client.ask(#"{"type":"subscribe","topics":["app/a"],"since":\#(since)}"#)
        #expect(messages.map(\.type) == ["resync", "snapshot", "synced"])
        #expect(messages[0].text == #"{"type":"resync","reason":"\#(reason)","topics":["app/a"]}"#)
        #expect(messages[1]["state"]?.text == #"{"values":{"k":9}}"#)
    }

    // MARK: - G5, G6, G7

    @Test("a reader that falls behind gets every lossless event and of each key only the newest, at the end")
    func conflation() throws {
        let test = TestHub()
        let client = try test.connect()
        client.send(subscribe)
        _ = client.take()
        client.link.stall()
        test.say("a", 1, key: "k")
        test.say("a", 2)
        test.say("b", 3, key: "k")
        for number in 4..<500 { test.say("a", .int(Int64(number)), key: "k") }
        test.say("b", 500)
        test.run()
        #expect(client.take().isEmpty)
        client.link.release()
        test.run()
        #expect(datas(client.take()) == ["2", "3", "499", "500"])
        #expect(test.hub.statistics.slowReaders == 0)
    }

    @Test("past the bound a slow reader's answers stay, its events go, and it ends in the latest state")
    func slowReader() throws {
        let test = TestHub { $0.queueEvents = 10 }
        let slow = try test.connect()
        let quick = try test.connect()
        for client in [slow, quick] {
            client.send(subscribe)
            _ = client.take()
        }
        slow.link.stall()
        slow.send(#"{"type":"ping","id":5}"#)
        for number in 0..<5_000 { test.say("a", .int(Int64(number)), key: number % 2 == 0 ? "k" : nil) }
        test.run()
        #expect(quick.take().count == 5_000)
        #expect(slow.take().isEmpty)
        #expect(test.hub.statistics.slowReaders == 1)
        slow.send(#"{"type":"ping","id":6}"#)
        slow.link.release()
        test.run()
        let messages = slow.take()
        #expect(messages.map(\.type) == ["pong", "pong", "resync", "snapshot", "snapshot", "synced"])
        #expect(messages[2].text == #"{"type":"resync","reason":"slow","topics":["app/b","app/a"]}"#)
        #expect(messages[4]["state"]?.text == #"{"values":{"k":4998}}"#)
        #expect(messages[5].offset == test.offset)
        test.say("a", 1)
        test.run()
        #expect(datas(slow.take()) == ["1"])
    }

    @Test("a synced that waits for a slow reader does not outlive the events before it")
    func owedSynced() throws {
        let test = TestHub { $0.queueEvents = 10 }
        let client = try test.connect()
        client.send(#"{"type":"subscribe","topics":["app/a"]}"#)
        _ = client.take()
        client.link.stall()
        test.say("a", 1)
        client.send(#"{"type":"subscribe","id":7,"topics":["app/b"]}"#)
        for number in 0..<20 { test.say("a", .int(Int64(number))) }
        test.run()
        // It lags by now; this one is answered in the end too.
        client.send(#"{"type":"subscribe","id":8,"topics":["app/c"]}"#)
        client.send(#"{"type":"unsubscribe","id":9,"topics":["app/b"]}"#)
        client.link.release()
        test.run()
        let messages = client.take()
        #expect(messages.map(\.type) == ["ok", "resync", "snapshot", "snapshot", "synced", "synced", "synced"])
        #expect(messages[1]["topics"] == ["app/a", "app/c"])
        #expect(messages.suffix(3).map { $0["id"]?.int } == [nil, 7, 8])
        #expect(messages[5]["topics"] == [])
        #expect(messages[6]["topics"] == ["app/c"])
    }

    @Test("a reader that keeps up is not slow, however large a burst is")
    func largeBurst() throws {
        let test = TestHub()
        let client = try test.connect()
        client.send(subscribe)
        _ = client.take()
        client.link.capacity = 64 * 1024
        let data = JSON.string(String(repeating: "x", count: 500))
        for _ in 0..<5_000 { test.say("a", data) }
        test.run()
        #expect(client.take().map(\.type) == Array(repeating: "app.message", count: 5_000))
        #expect(test.hub.statistics.slowReaders == 0)
    }

    @Test("a reader that never reads costs no more than its bounds, and is not read either")
    func stuckReader() throws {
        let test = TestHub { $0.queueEvents = 100 }
        let client = try test.connect()
        client.send(subscribe)
        let data = JSON.string(String(repeating: "x", count: 10_000))
        for index in 0..<64 { test.say("b", data, key: "k\(index)") }
        test.run()
        _ = client.take()
        client.link.stall()
        let session = try #require(client.session as? NativeSession)
        var rounds = 0
        while client.link.isReading, rounds < 10_000 {
            rounds += 1
            // Each answer is a snapshot of 640 KiB.
            client.send(subscribe)
            for _ in 0..<50 { test.say("a", data) }
            test.run()
            #expect(session.subscriber.unreadEvents <= 1024 * 1024)
            #expect(session.subscriber.unreadAnswers <= 1024 * 1024)
        }
        #expect(rounds < 10_000)
        // Nothing more is done until it reads.
        let unread = session.subscriber.unreadAnswers
        client.send(all: Array(repeating: subscribe, count: 100))
        #expect(session.subscriber.unreadAnswers == unread)
        client.link.release()
        test.run()
        #expect(client.link.isReading)
        #expect(client.take().filter { $0.type == "synced" && $0["id"] == 1 }.count == rounds + 100)
    }

    // MARK: - Fan-out

    @Test("a burst is one write and one flush a socket, and subscribers share its bytes")
    func fanOut() throws {
        let test = TestHub(loops: 2)
        let clients = try (0..<6).map { try test.connect(on: $0 % 2) }
        for client in clients { client.send(#"{"type":"subscribe","topics":["app/a"]}"#) }
        test.run()
        for client in clients { _ = client.take() }
        let before = clients.map { ($0.link.writes, $0.link.flushes) }
        for number in 0..<50 { test.say("a", .int(Int64(number))) }
        test.run()
        for (client, before) in zip(clients, before) {
            #expect(client.link.writes == before.0 + 1)
            #expect(client.link.flushes == before.1 + 1)
        }
        let addresses = clients.map { $0.link.pieces.first?.withUnsafeBytes { $0.baseAddress } }
        #expect(addresses[0] == addresses[2] && addresses[2] == addresses[4])
        #expect(addresses[1] == addresses[3])
        for client in clients { #expect(client.take().count == 50) }
        // One event alone is one buffer for all loops.
        test.say("a", 0)
        test.run()
        let single = Set(clients.map { $0.link.pieces.first?.withUnsafeBytes { $0.baseAddress } })
        #expect(single.count == 1)
    }

    @Test("a client that ends in the middle of a delivery disturbs nobody", arguments: 0..<5)
    func endsInADelivery(index: Int) throws {
        let test = TestHub()
        let clients = try (0..<5).map { _ in try test.connect() }
        for client in clients { client.send(subscribe) }
        test.run()
        for client in clients { _ = client.take() }
        let victim = clients[4 - index]
        clients[index].link.onWrite = { victim.session.closed() }
        test.say("a", 1)
        test.say("b", 2)
        test.run()
        test.say("a", 3)
        test.run()
        for client in clients where client !== victim { #expect(datas(client.take()) == ["1", "2", "3"]) }
        #expect(test.hub.connectionCount == 4)
    }

    @Test("a client that ends in the middle of its own subscription leaves nothing behind")
    func endsInItsSubscription() throws {
        let test = TestHub()
        let watcher = try test.connect()
        watcher.send(#"{"type":"subscribe","topics":["clients"]}"#)
        weak var session: (any Session)?
        weak var subscriber: Subscriber?
        do {
            let client = try test.connect()
            client.send(#"{"type":"subscribe","topics":["app/a"]}"#)
            session = client.session
            subscriber = (client.session as? NativeSession)?.subscriber
            _ = watcher.take()
            test.say("a", 1)
            client.link.onWrite = { [unowned client] in client.session.closed() }
            client.session.receive(client.frames.encode(subscribe))
            client.link.onWrite = nil
            test.run()
        }
        #expect(session == nil && subscriber == nil)
        #expect(watcher.takeTypes() == ["client.left"])
    }
}
