import Domain
import OrderedCollections
import Testing

@Suite("The board of tasks that others run")
struct RelayBoardTests {
    private func message(_ event: String, _ data: JSON, room: String? = "/client", namespace: String = "/") -> Event {
        .roomMessage(RoomMessage(namespace: namespace, room: room, event: event, arguments: [data], sender: "w"))
    }

    @Test("a task keeps the newest data of each type from its start to its end")
    func life() {
        var board = RelayBoard()
        board.apply(message("task_update", ["uuid": "a", "type": "progress", "data": 1]))
        #expect(board.tasks.isEmpty)
        board.apply(message("task_start", ["uuid": "a"]))
        #expect(board.tasks == ["a": [:]])
        board.apply(message("task_update", ["uuid": "a", "type": "progress", "data": 1]))
        board.apply(message("task_update", ["uuid": "a", "type": "debug", "data": ["x"]]))
        board.apply(message("task_update", ["uuid": "a", "type": "progress", "data": 2]))
        #expect(board.tasks == ["a": ["progress": 2, "debug": ["x"]]])
        board.apply(message("task_start", ["uuid": "a"]))
        #expect(board.tasks == ["a": [:]])
        board.apply(message("task_end", ["uuid": "a"]))
        #expect(board.tasks.isEmpty)
    }

    @Test(
        "messages of other rooms and malformed ones change nothing",
        arguments: [
            ("task_start", ["uuid": "a"] as JSON, "/other", "/"), ("task_start", ["uuid": "a"], nil, "/"),
            ("task_start", ["uuid": "a"], "/client", "/admin"), ("task_start", ["uuid": 7], "/client", "/"),
            ("task_start", "a", "/client", "/"), ("task_begin", ["uuid": "a"], "/client", "/"),
        ] as [(String, JSON, String?, String)]
    )
    func others(event: String, data: JSON, room: String?, namespace: String) {
        var board = RelayBoard()
        board.apply(message(event, data, room: room, namespace: namespace))
        #expect(board.tasks.isEmpty)
    }

    @Test("past the limit the oldest task is forgotten")
    func limit() {
        var board = RelayBoard()
        for number in 0...RelayBoard.limit { board.apply(message("task_start", ["uuid": .string("t\(number)")])) }
        #expect(board.tasks.count == RelayBoard.limit)
        #expect(board.tasks["t0"] == nil)
        #expect(board.tasks["t\(RelayBoard.limit)"] != nil)
    }

    @Test("what one task says, and what all of them say, is kept within bounds")
    func bytesLimit() {
        var board = RelayBoard()
        board.apply(message("task_start", ["uuid": "a"]))
        for number in 0..<1_000 {
            board.apply(message("task_update", ["uuid": "a", "type": .string("t\(number)"), "data": 1]))
        }
        #expect(board.tasks["a"]?.count == RelayBoard.typesLimit)
        let long = JSON.string(String(repeating: "x", count: RelayBoard.dataLimit))
        board.apply(message("task_update", ["uuid": "a", "type": "t0", "data": long]))
        #expect(board.tasks["a"]?["t0"] == nil)
        let much = JSON.string(String(repeating: "x", count: RelayBoard.dataLimit - 100))
        let count = RelayBoard.bytesLimit / RelayBoard.dataLimit + 2
        for number in 0..<count {
            board.apply(message("task_start", ["uuid": .string("b\(number)")]))
            board.apply(message("task_update", ["uuid": .string("b\(number)"), "type": "debug", "data": much]))
        }
        #expect(board.tasks["a"] == nil && board.tasks["b\(count - 1)"]?["debug"] == much)
        #expect(board.tasks.count < count)
    }

    @Test("a room's message goes to the room, and to the topic of clients when its name can be one")
    func topics() {
        let toClient = message("x", 1)
        #expect(toClient.topics == [.room(namespace: "/", name: "/client")])
        #expect(message("x", 1, room: "news").topics == [.room(namespace: "/", name: "news"), .app("news")])
        #expect(message("x", 1, room: "news", namespace: "/a").topics == [.room(namespace: "/a", name: "news")])
        #expect(message("x", 1, room: nil).topics == [.namespace("/")])
        #expect(Topic.room(namespace: "/", name: "news").name == "news")
        #expect(Topic.room(namespace: "/a", name: "news").name == "/a,news")
        #expect(toClient.key == nil)
    }
}
