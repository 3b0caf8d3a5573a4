import Domain
import Testing

struct TopicTests {
    @Test(
        "Every name of the contract is a topic and is written as it was read",
        arguments: [
            "tasks", "training", "clients", "library", "models", "tags", "collections", "log", "task/x",
            "task/0b1e4f7c-0000-4000-8000-000000000000", "task/a/b", "app/a", "app/A.z_0-9",
            "app/\(String(repeating: "x", count: 64))", "task/\(String(repeating: "x", count: 128))",
        ]
    )
    func good(name: String) {
        #expect(Topic(name: name)?.name == name)
    }

    @Test(
        "Any other name is none",
        arguments: [
            "", "Tasks", "tasks ", "task", "task/", "task/é", "task/a\n", "app", "app/", "app/a b", "app/a/b", "app/*",
            "app/é", "*", "tasks/*", "app/\(String(repeating: "x", count: 65))", "/tasks",
            "task/\(String(repeating: "x", count: 129))", "task/\u{301}",
        ]
    )
    func bad(name: String) {
        #expect(Topic(name: name) == nil)
    }

    @Test("Ids are version 4 UUIDs in lower case, each another")
    func identifiers() {
        let ids = (0..<1000).map { _ in Identifier.make() }
        #expect(Set(ids).count == 1000)
        for id in ids {
            let parts = id.split(separator: "-", omittingEmptySubsequences: false)
            #expect(parts.map(\.count) == [8, 4, 4, 4, 12])
            #expect(parts[2].first == "4")
            #expect(parts[3].first.map { "89ab".contains($0) } == true)
            #expect(id.allSatisfy { "0123456789abcdef-".contains($0) })
            #expect(Identifier.isValid(id))
        }
    }

    @Test(
        "An id is 1 to 128 printable ASCII characters other than the space",
        arguments: ["a", "!", "a/b", "~", String(repeating: "x", count: 128)]
    )
    func validIdentifier(id: String) {
        #expect(Identifier.isValid(id))
    }

    @Test(
        "Anything else is no id",
        arguments: ["", " ", "a b", "é", "\n", "\u{7F}", "a\0", String(repeating: "x", count: 129)]
    )
    func invalidIdentifier(id: String) {
        #expect(!Identifier.isValid(id))
    }

    @Test("An event's topics, type and key are the contract's")
    func events() {
        let task = TaskRecord(id: "t", name: "n", created: 0)
        #expect(Event.taskCreated(task).topics == [.tasks, .task("t")])
        #expect(Event.taskCreated(task).key == nil)
        #expect(Event.taskProgress(task).key == "progress/t")
        #expect(Event.taskLog(task: "t", line: TaskLogLine(at: 0, level: .info, message: "")).topics.count == 2)
        #expect(Event.libraryCounts(LibraryCounts()).key == "counts")
        let change = CatalogChange(.added, name: "n")
        #expect(Event.modelsChanged(change).topics == [.models] && Event.modelsChanged(change).key == nil)
        #expect(Event.tagsChanged(change).topics == [.tags] && Event.tagsChanged(change).key == nil)
        let message = Event.appMessage(name: "a", from: "c", data: .null, key: "counts")
        #expect(message.topics == [.app("a")])
        #expect(message.key == "counts")
        #expect(message.conflationKey == "app/a/counts")
        #expect(message.type == "app.message")
    }
}
