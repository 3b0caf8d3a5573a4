import Testing

@testable import Domain
@testable import Realtime

struct EventEncoderTests {
    private static let task: TaskRecord = {
        var task = TaskRecord(id: "t1", name: "long_task", params: ["steps": 2], created: 5)
        task.state = .running
        task.attempt = 1
        task.executor = .local
        task.progress = TaskRecord.Progress(current: 1, total: 2, message: "m")
        return task
    }()
    private static let client = ClientRecord(
        id: "c1",
        kind: .script,
        transport: .sse,
        protocol: "sse",
        role: .viewer,
        since: 3,
        address: "::1"
    )
    private static let item = LibraryItem(
        id: 1,
        sha256: "aa",
        name: "n.png",
        root: "/r",
        path: "d/n.png",
        mime: "image/png",
        size: 9,
        added: 4
    )
    private static let info =
        #"{"uuid":"t1","name":"long_task","params":{"steps":2},"state":"running","priority":0,"attempt":1,"attempts":3,"#
        + #""requires":[],"progress":{"current":1,"total":2,"message":"m"},"executor":{"kind":"local"},"created":5}"#
    private static let record =
        #"{"id":"c1","kind":"script","transport":"sse","protocol":"sse","role":"viewer","since":3,"address":"::1","#
        + #""topics":[]}"#
    private static let itemText =
        #"{"id":1,"sha256":"aa","name":"n.png","root":"/r","path":"d/n.png","mime":"image/png","size":9,"added":4}"#

    /// Each event with what follows `type`, `offset` and `at`.
    static let shapes: [(Event, String)] = [
        (.taskCreated(task), #""task":"t1","info":\#(info)"#),
        (.taskStarted(task), #""task":"t1","attempt":1,"executor":{"kind":"local"}"#),
        (
            .taskProgress(task),
            #""key":"progress/t1","task":"t1","attempt":1,"progress":{"current":1,"total":2,"message":"m"}"#
        ),
        (
            .taskLog(task: "t1", line: TaskLogLine(at: 1, level: .warning, message: "w\n")),
            #""task":"t1","level":"warning","message":"w\n""#
        ),
        (.taskRequeued(task, attempt: 1, reason: .workerGone), #""task":"t1","attempt":1,"reason":"worker_gone""#),
        (.taskFinished(task), #""task":"t1","info":\#(info)"#),
        (.clientJoined(client), #""client":"c1","info":\#(record)"#),
        (.clientLeft(id: "c1"), #""client":"c1""#),
        (.clientChanged(client), #""key":"client/c1","client":"c1","info":\#(record)"#),
        (.libraryAdded([item]), #""items":[\#(itemText)]"#),
        (.libraryChanged([item]), #""items":[\#(itemText)]"#),
        (.libraryRemoved([LibraryItem.Removed(id: 1, sha256: "aa")]), #""items":[{"id":1,"sha256":"aa"}]"#),
        (
            .libraryCounts(LibraryCounts(contents: 1, files: 2, bytes: 3)),
            #""key":"counts","counts":{"contents":1,"files":2,"bytes":3}"#
        ),
        (
            .modelsChanged(CatalogChange(.changed, name: "m", item: ["sha256": "aa"])),
            #""action":"changed","name":"m","item":{"sha256":"aa"}"#
        ),
        (.tagsChanged(CatalogChange(.removed, name: "t")), #""action":"removed","name":"t""#),
        (
            .logLine(LogLine(at: 1, level: .error, message: "m", source: "hub")),
            #""level":"error","message":"m","source":"hub""#
        ),
        (
            .appMessage(name: "x", from: "c1", data: ["a": .null], key: nil),
            #""topic":"app/x","from":"c1","data":{"a":null}"#
        ),
        (
            .appMessage(name: "x", from: "c1", data: 1, key: "k"),
            #""key":"k","topic":"app/x","from":"c1","data":1"#
        ),
    ]

    @Test("every event has the fields of the contract, its type first", arguments: shapes.indices)
    func shape(index: Int) {
        let (event, fields) = Self.shapes[index]
        let text = String(decoding: EventEncoder.encode(Journal.Entry(offset: 7, at: 9, event: event)), as: UTF8.self)
        #expect(text == #"{"type":"\#(event.type)","offset":7,"at":9,\#(fields)}"#)
    }

    @Test("an event is the same in every form, and each form is made once")
    func forms() throws {
        let data = JSON.string(String(repeating: "abc ", count: 200))
        let entry = Journal.Entry(
            offset: 7,
            at: 9,
            event: .appMessage(name: "x", from: "c1", data: data, key: nil)
        )
        let frame = EventFrame(entry, epoch: "ep")
        let json = EventEncoder.encode(entry)
        let contexts = DeflateContexts()
        let plain = frame.bytes(.webSocket, contexts: contexts).withUnsafeBytes { Array($0) }
        #expect(FrameReader().read(plain) == [json])
        for windowBits in 8...15 {
            let format = WireFormat.webSocketDeflate(windowBits: windowBits)
            let bytes = frame.bytes(format, contexts: contexts)
            #expect(bytes.count < plain.count / 4)
            let agreed = PerMessageDeflate.Agreed(
                serverNoContextTakeover: true,
                clientNoContextTakeover: true,
                serverMaxWindowBits: windowBits
            )
            let reader = FrameReader(compression: agreed)
            // Without context takeover the same bytes are good twice.
            #expect(reader.read(bytes.withUnsafeBytes { Array($0) + Array($0) }) == [json, json])
            #expect(address(frame.bytes(format, contexts: contexts)) == address(bytes))
        }
        var parser = EventStreamParser()
        let block = frame.bytes(.eventStream, contexts: contexts).withUnsafeBytes { Array($0) }
        #expect(
            parser.read(block) == [
                EventStreamParser.Block(event: "app.message", id: "ep:7", data: [String(decoding: json, as: UTF8.self)])
            ]
        )
    }

    @Test("what compression makes no shorter goes plain")
    func incompressible() {
        let entry = Journal.Entry(offset: 7, at: 9, event: .clientLeft(id: "c"))
        let frame = EventFrame(entry, epoch: "ep")
        let contexts = DeflateContexts()
        #expect(
            address(frame.bytes(.webSocketDeflate(windowBits: 15), contexts: contexts))
                == address(frame.bytes(.webSocket, contexts: contexts))
        )
    }

    @Test("a line break in a text does not break the block of an event stream")
    func lineBreaks() {
        let entry = Journal.Entry(offset: 1, at: 0, event: .clientLeft(id: "a\nb\r\ndata: x\n\n"))
        var parser = EventStreamParser()
        let bytes = EventFrame(entry, epoch: "e").bytes(.eventStream, contexts: DeflateContexts())
        let blocks = parser.read(bytes.withUnsafeBytes { Array($0) })
        #expect(blocks.count == 1)
        #expect(blocks.first?.data.count == 1)
    }

    private func address(_ bytes: Bytes) -> UnsafeRawPointer? { bytes.withUnsafeBytes { $0.baseAddress } }
}
