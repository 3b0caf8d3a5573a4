import Domain
import Testing

@testable import Realtime

/// Workers that speak only VFrame's words, and those who watch them (contracts/vframe.md §4).
struct VFrameTaskTests {
    private func watch(_ test: VFrameHub, _ version: EngineIOVersion = .v3) throws -> VFrameClient {
        let watcher = try test.connect(version, role: .viewer)
        watcher.join("/client")
        #expect(watcher.take() == [#"list_tasks {"tasks":{}}"#])
        return watcher
    }

    @Test("what a worker says reaches all who watch, unchanged and in order, and the native side in its words")
    func relay() throws {
        let test = VFrameHub()
        let old = try watch(test, .v3)
        let new = try watch(test, .v4)
        let worker = try test.connect(.v3, role: .worker)
        worker.emit("task_start", ["uuid": "t", "more": 1])
        worker.emit(
            "task_update",
            ["uuid": "t", "type": "progress", "data": ["current": 1, "total": 3, "message": "m", "x": 2], "y": []]
        )
        worker.emit("task_update", ["uuid": "t", "type": "debug", "data": ["a", "b"]])
        worker.emit("task_update", ["uuid": "t", "type": "error", "data": "é😀"])
        worker.emit("task_update", ["uuid": "t", "type": "progress", "data": "half"])
        worker.emit("task_update", ["uuid": "t", "type": 5])
        worker.client.send("1")
        test.hub.run()
        let expected = [
            #"task_start {"uuid":"t"}"#,
            #"task_update {"uuid":"t","type":"progress","data":{"current":1,"total":3,"message":"m","x":2},"y":[]}"#,
            #"task_update {"uuid":"t","type":"debug","data":["a","b"]}"#,
            #"task_update {"uuid":"t","type":"error","data":"é😀"}"#,
            #"task_update {"uuid":"t","type":"progress","data":"half"}"#,
            #"task_update {"uuid":"t","type":5}"#,
            #"task_end {"uuid":"t"}"#,
        ]
        #expect(old.take() == expected)
        #expect(new.take() == expected)
        #expect(worker.take() == [])
        #expect(
            test.reports.take()
                == ["start t", "progress t 1/3 m", #"debug t ["a","b"]"#, "error t é😀", "end t clean"]
        )
    }

    @Test(
        "progress that no native client could be told is passed on, and not reported",
        arguments: [#"{"current":-1,"total":2,"message":""}"#, #"{"total":2}"#, #"{"current":"1"}"#, "7", "null"]
    )
    func oddProgress(_ data: String) throws {
        let test = VFrameHub()
        let watcher = try watch(test)
        let worker = try test.connect()
        worker.emit("task_start", ["uuid": "t"])
        worker.client.send(#"2["task_update",{"uuid":"t","type":"progress","data":\#(data)}]"#)
        test.hub.run()
        #expect(watcher.take().last == #"task_update {"uuid":"t","type":"progress","data":\#(data)}"#)
        #expect(test.reports.take() == ["start t"])
    }

    @Test("progress without total or message is progress")
    func shortProgress() throws {
        let test = VFrameHub()
        let worker = try test.connect()
        worker.emit("task_update", ["uuid": "t", "type": "progress", "data": ["current": 4.0, "message": 5]])
        #expect(test.reports.take() == ["progress t 4/? 5"])
    }

    @Test("an update of a task that nobody runs is passed on all the same, and forgotten")
    func unknownTask() throws {
        let test = VFrameHub()
        let watcher = try watch(test)
        let worker = try test.connect()
        worker.emit("task_update", ["uuid": "ghost", "type": "debug", "data": "x"])
        test.hub.run()
        #expect(watcher.take() == [#"task_update {"uuid":"ghost","type":"debug","data":"x"}"#])
        #expect(try test.connect().ask("join", ["room": "/client"]) == [#"list_tasks {"tasks":{}}"#])
    }

    @Test("a binary update arrives with its attachments")
    func binary() throws {
        let test = VFrameHub()
        let watcher = try watch(test, .v3)
        let worker = try test.connect(.v4)
        worker.emit("task_start", ["uuid": "t"])
        worker.client.send(#"51-["task_update",{"uuid":"t","type":"debug","data":{"_placeholder":true,"num":0}}]"#)
        worker.client.send(binary: [9, 8])
        test.hub.run()
        #expect(
            watcher.client.take()
                == [
                    #"2["task_start",{"uuid":"t"}]"#,
                    #"51-["task_update",{"uuid":"t","type":"debug","data":{"_placeholder":true,"num":0}}]"#,
                ]
        )
        #expect(watcher.client.attachments == [[9, 8]])
    }

    // MARK: - The end of a worker

    enum Ending: CaseIterable {
        case disconnectPacket, closePacket, connectionLost, pingTimeout, protocolError, shutDown, abandon
    }

    @Test("a worker's tasks end at once and once, however its connection ends", arguments: Ending.allCases)
    func ending(_ ending: Ending) throws {
        let test = VFrameHub()
        let watcher = try watch(test, .v4)
        let worker = try test.connect(.v3)
        worker.emit("task_start", ["uuid": "a"])
        worker.emit("task_start", ["uuid": "b"])
        worker.emit("task_start", ["uuid": "a"])
        test.hub.run()
        #expect(
            watcher.take() == [#"task_start {"uuid":"a"}"#, #"task_start {"uuid":"b"}"#, #"task_start {"uuid":"a"}"#]
        )
        _ = test.reports.take()
        switch ending {
        case .disconnectPacket: worker.client.send("1")
        case .closePacket: worker.client.sayClose()
        case .connectionLost: worker.client.disconnect()
        case .pingTimeout:
            for _ in 0..<46 {
                test.hub.loop.advance(1_000)
                watcher.client.engine?.received(.pong(""), from: watcher.link)
            }
        case .protocolError: worker.client.send("2{}")
        case .shutDown: worker.client.engine?.shutDown()
        case .abandon: worker.client.engine?.abandon()
        }
        test.hub.run()
        worker.client.disconnect()
        #expect(watcher.take() == [#"task_end {"uuid":"a"}"#, #"task_end {"uuid":"b"}"#])
        let isClean = ending == .disconnectPacket || ending == .closePacket
        #expect(test.reports.take() == (isClean ? ["end a clean", "end b clean"] : ["end a lost", "end b lost"]))
        #expect(test.clients.count == 1)
    }

    @Test("a task that its worker has taken up again on another connection does not end with the old one")
    func takenOver() throws {
        let test = VFrameHub(loops: 2)
        let watcher = try watch(test)
        let first = try test.connect()
        let second = try test.connect(on: 1)
        first.emit("task_start", ["uuid": "t"])
        first.emit("task_start", ["uuid": "other"])
        second.emit("task_start", ["uuid": "t"])
        test.hub.run()
        _ = watcher.take()
        _ = test.reports.take()
        first.client.disconnect()
        test.hub.run()
        #expect(watcher.take() == [#"task_end {"uuid":"other"}"#])
        #expect(test.reports.take() == ["end other lost"])
        second.client.send("1")
        test.hub.run()
        #expect(watcher.take() == [#"task_end {"uuid":"t"}"#])
        #expect(test.reports.take() == ["end t clean"])
    }

    @Test("what a worker said before it went counts, even when it waited to be heard")
    func lastWords() throws {
        let test = VFrameHub { $0.messageRate = 5 }
        let watcher = try watch(test)
        let worker = try test.connect()
        worker.emit("task_start", ["uuid": "t"])
        for number in 0..<30 { worker.emit("task_update", ["uuid": "t", "type": "n", "data": .int(Int64(number))]) }
        worker.client.send("1")
        worker.client.sayClose()
        test.hub.run()
        let words = watcher.take()
        #expect(words.count == 32)
        #expect(
            words.dropFirst().dropLast() == (0..<30).map { #"task_update {"uuid":"t","type":"n","data":\#($0)}"# }[...]
        )
        #expect(test.reports.take() == ["start t", "end t clean"])
    }

    @Test("one connection runs so many tasks at once, and no more")
    func tasksLimit() throws {
        let test = VFrameHub { $0.messageRate = 10_000 }
        let worker = try test.connect()
        for number in 0...VFrameBehaviour.tasksLimit { worker.emit("task_start", ["uuid": .string("t\(number)")]) }
        #expect(test.reports.take().count == VFrameBehaviour.tasksLimit)
    }

    // MARK: - Roles

    @Test("only who may work or operate may tell of tasks; the rest is anyone's", arguments: Role.allCases)
    func roles(_ role: Role) throws {
        let test = VFrameHub()
        let watcher = try watch(test)
        let client = try test.connect(role: role)
        client.emit("task_start", ["uuid": "t"])
        client.emit("task_update", ["uuid": "t", "type": "debug", "data": "x"])
        test.hub.run()
        let mayTell = role != .viewer
        #expect(watcher.take().count == (mayTell ? 2 : 0))
        #expect(test.reports.take().count == (mayTell ? 2 : 0))
        #expect(client.ask("status", ["status": 1]) == [#"status {"key":1}"#])
        #expect(client.ask("join", ["room": "/client"]).count == 1)
    }

    // MARK: - Our own tasks

    @Test("our own tasks appear in the same words")
    func ownTasks() throws {
        let test = VFrameHub()
        let watcher = try watch(test)
        var task = TaskRecord(id: "own", name: "long_task", created: 1)
        let journal = test.hub.journal
        journal.publish(.taskCreated(task))
        task.state = .running
        task.started = 2
        journal.publish(.taskStarted(task))
        test.hub.run()
        #expect(try test.connect().ask("join", ["room": "/client"]) == [#"list_tasks {"tasks":{"own":{}}}"#])
        task.progress = TaskRecord.Progress(current: 1, total: 2, message: "m")
        journal.publish(.taskProgress(task))
        test.hub.run()
        let progress = #"{"current":1,"total":2,"message":"m"}"#
        #expect(
            try test.connect().ask("join", ["room": "/client"])
                == [#"list_tasks {"tasks":{"own":{"progress":\#(progress)}}}"#]
        )
        task.state = .done
        journal.publish(.taskFinished(task))
        test.hub.run()
        #expect(
            watcher.take()
                == [
                    #"task_start {"uuid":"own"}"#,
                    #"task_update {"uuid":"own","type":"progress","data":\#(progress)}"#,
                    #"task_end {"uuid":"own"}"#,
                ]
        )
    }

    @Test("a task that its worker tells of itself appears once, in the worker's words")
    func relayedTasks() throws {
        let test = VFrameHub()
        let worker = try test.connect()
        worker.emit("task_start", ["uuid": "t"])
        var task = TaskRecord(id: "t", name: "vframe", created: 1)
        task.state = .running
        task.started = 1
        task.isRelayed = true
        test.hub.journal.publish(.taskStarted(task))
        var other = task
        other.id = "untold"
        test.hub.journal.publish(.taskStarted(other))
        worker.emit("task_update", ["uuid": "t", "type": "debug", "data": "x"])
        #expect(
            try test.connect().ask("join", ["room": "/client"]) == [#"list_tasks {"tasks":{"t":{"debug":"x"}}}"#]
        )
    }
}
