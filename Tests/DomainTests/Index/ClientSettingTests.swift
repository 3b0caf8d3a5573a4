import Testing

@testable import Domain

struct ClientSettingTests {
    let test: TestLibrary
    let index: MediaIndex

    init() throws {
        test = try TestLibrary()
        index = MediaIndex(library: test.library, threads: BlockingThreads(count: 1))
    }

    @Test("A value is kept under its name until it is replaced or removed")
    func keeping() async throws {
        #expect(try await index.settings().isEmpty)
        try await index.setSetting("global", to: "{\"a\": [1, 2.5, null]}")
        try await index.setSetting("", to: "\"text\"")
        try await index.setSetting("global", to: "{\"a\": true}")
        #expect(try await index.settings() == ["global": ["a": true], "": "text"])
        try await index.removeSetting("global")
        try await index.removeSetting("unknown")
        #expect(try await index.settings() == ["": "text"])
        try await index.setSetting("nothing", to: "null")
        #expect(try await index.settings()["nothing"] == .null)
    }

    @Test("What is no JSON, or nested too deep, is refused and changes nothing")
    func bad() async throws {
        try await index.setSetting("a", to: "1")
        let deep = String(repeating: "[", count: 100) + String(repeating: "]", count: 100)
        for bad in ["", "{", "{\"a\":}", "1 2", "undefined", deep] {
            await #expect(throws: MediaIndexError.invalidJSON) { try await index.setSetting("a", to: bad) }
        }
        #expect(try await index.settings() == ["a": 1])
    }
}
