import Domain
import Testing

struct RepresentationTests {
    private func text(_ task: TaskRecord) -> String {
        var writer = JSONWriter()
        writer.value(task)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    @Test("A fresh task has the contract's fields")
    func freshTask() {
        var task = TaskRecord(id: "t", name: "n", params: ["a": 1], requires: ["n"], created: 5)
        task.waiting = "no worker offers n"
        #expect(
            text(task) == #"{"uuid":"t","name":"n","params":{"a":1},"state":"queued","priority":0,"attempt":0,"#
                + #""attempts":3,"requires":["n"],"executor":null,"waiting":"no worker offers n","created":5}"#
        )
    }

    @Test("A finished task has its result, or null and the size of a large one, or its error")
    func finishedTask() {
        var task = TaskRecord(id: "t", name: "n", created: 5)
        task.state = .done
        task.attempt = 1
        task.executor = .local
        task.progress = .init(current: 1, total: nil, message: "m")
        task.result = ["ok": true]
        task.started = 6
        task.finished = 7
        #expect(
            text(task) == #"{"uuid":"t","name":"n","params":{},"state":"done","priority":0,"attempt":1,"attempts":3,"#
                + #""requires":[],"progress":{"current":1,"message":"m"},"executor":{"kind":"local"},"#
                + #""result":{"ok":true},"created":5,"started":6,"finished":7}"#
        )
        task.resultSize = 20_000
        #expect(text(task).contains(#""result":{"ok":true}"#))
        task.result = JSON?.none
        #expect(text(task).contains(#""result":null,"result_size":20000"#))
        task.error = .init(code: "c", message: "m")
        #expect(text(task).contains(#""error":{"code":"c","message":"m"}"#))
    }

    @Test("Clients, items, counts and lines have the contract's fields")
    func others() {
        var client = ClientRecord(
            id: "c",
            kind: .worker,
            transport: .sse,
            protocol: "sse",
            role: .worker,
            since: 1,
            address: "::1"
        )
        client.topics = ["tasks"]
        client.worker = .init(capabilities: ["gpu"], slots: 2)
        var writer = JSONWriter()
        writer.array {
            $0.value(client)
            $0.value(
                LibraryItem(
                    id: 1,
                    sha256: "s",
                    name: "n",
                    root: "/r",
                    path: "p",
                    mime: "m",
                    size: 2,
                    width: 3,
                    height: 4,
                    added: 5
                )
            )
            $0.value(LibraryItem.Removed(id: 1, sha256: "s"))
            $0.object {
                $0.field("tasks", TaskCounts())
                $0.field("library", LibraryCounts(contents: 1, files: 2, bytes: 3))
            }
            $0.value(TaskLogLine(at: 1, level: .warning, message: "m"))
        }
        #expect(
            String(decoding: writer.bytes, as: UTF8.self)
                == #"[{"id":"c","kind":"worker","transport":"sse","protocol":"sse","role":"worker","since":1,"#
                + #""address":"::1","topics":["tasks"],"worker":{"capabilities":["gpu"],"slots":2,"busy":0,"tasks":[],"#
                + #""done":0,"failed":0}},{"id":1,"sha256":"s","name":"n","root":"/r","path":"p","mime":"m","size":2,"#
                + #""width":3,"height":4,"added":5},{"id":1,"sha256":"s"},{"tasks":{"queued":0,"running":0,"done":0,"#
                + #""failed":0,"cancelled":0},"library":{"contents":1,"files":2,"bytes":3}},"#
                + #"{"at":1,"level":"warning","message":"m"}]"#
        )
    }
}
