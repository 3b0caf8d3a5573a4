import Domain
import HTTPTypes
import Synchronization
import Testing

@testable import REST

@Suite struct VFrameSocketRoutesTests {
    let server = TestServer()

    @Test(arguments: ["/api/v1/socket/clients/", "/api/v1/socket/clients"])
    func `clients are the ids of the connected, without envelope`(path: String) async throws {
        #expect(try await server.get(path).text == #"{"clients":[]}"#)
        for (id, since) in [("b", 1), ("a", 2)] {
            let client = ClientRecord(
                id: id,
                kind: .script,
                transport: .websocket,
                protocol: "vitrine.v1",
                role: .admin,
                since: since,
                address: "::1"
            )
            server.journal.publish(.clientJoined(client))
        }
        #expect(try await server.get(path).text == #"{"clients":["b","a"]}"#)
    }

    @Test func `an event goes whole to its client, and the answer is a word`() async throws {
        let answer = try await server.post("/api/v1/socket/event/", #"{"userid":"client-1","type":"x","n":[1]}"#)
        #expect(answer.status == 200)
        #expect(answer.text == "ok")
        #expect(answer.headers[.contentType]?.hasPrefix("text/html") == true)
        #expect(server.clients.sent.withLock { $0 } == [["userid": "client-1", "type": "x", "n": [1]]])
    }

    @Test(arguments: [#"{"userid":"client-2"}"#, "{}", #"{"userid":1}"#])
    func `an event for nobody is answered 404 with a word`(body: String) async throws {
        let answer = try await server.post("/api/v1/socket/event/", body)
        #expect(answer.status == 404)
        #expect(answer.text == "error")
        #expect(server.clients.sent.withLock { $0 }.isEmpty)
    }
}
