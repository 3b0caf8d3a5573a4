import Domain
import Testing

@testable import Realtime

@Suite("Events as Socket.IO packets")
struct RoomEventEncoderTests {
    private func frame(_ event: Event) -> EventFrame {
        let journal = Journal(epoch: "e", clock: WallClock { 1 })
        nonisolated(unsafe) var frames: [EventFrame] = []
        journal.listen { frames.append(EventFrame($0, epoch: "e")) }
        journal.publish(event)
        return frames[0]
    }

    private func polling(_ event: Event) -> String {
        let bytes = frame(event).bytes(.engineIOPolling, contexts: DeflateContexts())
        return bytes.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
    }

    private func task(
        _ state: TaskRecord.State = .running,
        _ change: (inout TaskRecord) -> Void = { _ in }
    ) -> TaskRecord {
        var task = TaskRecord(id: "t", name: "n", created: 1)
        task.state = state
        task.started = 2
        change(&task)
        return task
    }

    @Test("tasks speak VFrame's words")
    func words() {
        let progress = TaskRecord.Progress(current: 1, total: 3, message: "m")
        #expect(polling(.taskCreated(task(.queued))).isEmpty)
        #expect(polling(.taskStarted(task())) == #"42["task_start",{"uuid":"t"}]"# + "\u{1E}")
        #expect(
            polling(.taskProgress(task { $0.progress = progress }))
                == #"42["task_update",{"uuid":"t","type":"progress","data":{"current":1,"total":3,"message":"m"}}]"#
                + "\u{1E}"
        )
        let line = TaskLogLine(at: 1, level: .info, message: "l")
        #expect(
            polling(.taskLog(task: "t", line: line))
                == #"42["task_update",{"uuid":"t","type":"debug","data":"l"}]"# + "\u{1E}"
        )
        #expect(polling(.taskRequeued(task(.queued), attempt: 1, reason: .restart)).contains("task_end"))
        let failed = task(.failed) { $0.error = TaskRecord.Failure(code: "c", message: "bad") }
        #expect(
            polling(.taskFinished(failed))
                == #"42["task_update",{"uuid":"t","type":"error","data":"bad"}]"# + "\u{1E}"
                + #"42["task_end",{"uuid":"t"}]"# + "\u{1E}"
        )
    }

    @Test("a task that never began, and one whose runner is relayed, say nothing")
    func silent() {
        let relayed = task {
            $0.isRelayed = true
            $0.progress = TaskRecord.Progress(current: 1, total: nil, message: "")
        }
        var line = TaskLogLine(at: 1, level: .error, message: "l")
        line.isRelayed = true
        let events: [Event] = [
            .taskFinished(task(.cancelled) { $0.started = nil }), .taskStarted(relayed), .taskFinished(relayed),
            .taskRequeued(relayed, attempt: 1, reason: .workerGone), .taskLog(task: "t", line: line),
            .taskProgress(relayed),
        ]
        for event in events {
            #expect(polling(event).isEmpty)
            #expect(!frame(event).isVisible(in: .engineIOPolling))
            #expect(frame(event).isVisible(in: .webSocket))
        }
    }

    @Test("a room's message carries its namespace, every argument and its attachments")
    func message() {
        let plain = RoomMessage(namespace: "/a", room: "r", event: "e", arguments: [1, ["x": "y"]], sender: "s")
        #expect(polling(.roomMessage(plain)) == #"42/a,["e",1,{"x":"y"}]"# + "\u{1E}")
        let binary = RoomMessage(
            room: "r",
            event: "e",
            arguments: [["_placeholder": true, "num": 0]],
            attachments: [[1, 2, 255]],
            sender: "s"
        )
        #expect(
            polling(.roomMessage(binary))
                == #"451-["e",{"_placeholder":true,"num":0}]"# + "\u{1E}" + "bAQL/" + "\u{1E}"
        )
        let contexts = DeflateContexts()
        let frames = frame(.roomMessage(binary))
        let v3 = frames.bytes(.engineIOWebSocket(.v3), contexts: contexts).withUnsafeBytes { Array($0) }
        #expect(Array(v3.suffix(6)) == [0x82, 4, 4, 1, 2, 255])
        let v4 = frames.bytes(.engineIOWebSocket(.v4), contexts: contexts).withUnsafeBytes { Array($0) }
        #expect(Array(v4.suffix(5)) == [0x82, 3, 1, 2, 255])
        let recoded = MessageEncoder.recode(polling: frames.bytes(.engineIOPolling, contexts: contexts), to: .v3)
        #expect(recoded.withUnsafeBytes { Array($0) } == v3)
    }

    @Test("everything else is an event named by its type, with the native object")
    func native() {
        let text = polling(.appMessage(name: "a", from: "me", data: "🎉", key: nil))
        #expect(
            text
                == #"42["app.message",{"type":"app.message","offset":1,"at":1,"topic":"app/a","from":"me","#
                + #""data":"\ud83c\udf89"}]"# + "\u{1E}"
        )
    }

    @Test("only polling escapes what two ways of counting would count differently")
    func escapes() {
        let text = Array("aä€\u{FFFF}🎉\u{10FFFF}z".utf8)
        #expect(
            String(decoding: UTF16Escapes.escape(text), as: UTF8.self)
                == "aä€\u{FFFF}\\ud83c\\udf89\\udbff\\udfffz"
        )
        let message = RoomMessage(room: nil, event: "e", arguments: ["🎉"], sender: "s")
        let frame = frame(.roomMessage(message)).bytes(.engineIOWebSocket(.v3), contexts: DeflateContexts())
        #expect(frame.withUnsafeBytes { String(decoding: $0.dropFirst(2), as: UTF8.self) } == #"42["e","🎉"]"#)
    }
}
