import Domain
import HTTPTypes
import NIOCore
import Synchronization
import Testing

@testable import REST

@Suite(.timeLimit(.minutes(5))) struct LiveServerTests {
    static let plain = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
    static let upgrade = "GET /echo HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"

    @Test func `a connection serves requests one after another and is taken over at last`() async throws {
        try await LiveServer.run { port in
            try await RawClient.connect(port) { client in
                for _ in 0..<3 {
                    try await client.send(Self.plain)
                    let answer = try await client.read(until: "uptime")
                    #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n"))
                    #expect(answer.lowercased().contains("x-request-id: "))
                    #expect(answer.contains("Server: vitrine/0.0.1") || answer.contains("server: vitrine/0.0.1"))
                    _ = try await client.read(until: "}")
                    client.forget()
                }
                try await client.send(Self.upgrade + "first")
                #expect(try await client.read(count: 11) == "ready\nfirst")
                client.forget()
                let long = String(repeating: "0123456789abcdef", count: 20_000)
                try await client.send(long)
                #expect(try await client.read(count: long.utf8.count) == long)
                client.finish()
                #expect(try await client.readAll() == long)
            }
        }
    }

    @Test func `a whole pipeline in one segment is answered in order, and closed after its end`() async throws {
        try await LiveServer.run { port in
            try await RawClient.connect(port) { client in
                try await client.send(
                    Self.plain + "GET /nope HTTP/1.1\r\nHost: localhost\r\n\r\n" + Self.plain + Self.upgrade + "x"
                )
                client.finish()
                let text = try await client.readAll()
                let statuses = text.matches(of: /HTTP\/1.1 (\d+)/).map { String($0.output.1) }
                #expect(statuses == ["200", "404", "200"])
                #expect(text.hasSuffix("}ready\nx"))
            }
        }
    }

    @Test func `an upgrade that nobody claims gets its ordinary answer and Connection close`() async throws {
        try await LiveServer.run { port in
            try await RawClient.connect(port) { client in
                let headers =
                    "Host: localhost\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n"
                try await client.send("GET /healthz HTTP/1.1\r\n\(headers)\r\n")
                let text = try await client.readAll()
                #expect(text.hasPrefix("HTTP/1.1 200 OK\r\n"))
                #expect(text.lowercased().contains("\r\nconnection: close\r\n"))
                #expect(text.hasSuffix("}"))
            }
        }
    }

    @Test func `a client that asks to close is closed, one of HTTP 1.0 too`() async throws {
        try await LiveServer.run { port in
            for request in [
                "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
                "GET /healthz HTTP/1.0\r\nHost: localhost\r\n\r\n",
            ] {
                try await RawClient.connect(port) { client in
                    try await client.send(request)
                    #expect(try await client.readAll().hasSuffix("}"))
                }
            }
        }
    }

    @Test func `a refusal arrives whole even when the client is still sending`() async throws {
        try await LiveServer.run { port in
            try await RawClient.connect(port) { client in
                let body = String(repeating: "b", count: 3_000_000)
                try await client.send("POST /refused HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3000000\r\n\r\n")
                try? await client.send(body)
                // Of a client that is slow to send the rest the server does not wait for the end.
                _ = try? await client.readAll()
                #expect(client.text.hasPrefix("HTTP/1.1 426 Upgrade Required\r\n"))
                #expect(client.text.hasSuffix("\r\n\r\nno"))
            }
        }
    }

    @Test func `a body over its limit is answered 413 before it is read, and is not asked for`() async throws {
        let server = TestServer(limits: HTTPLimits(bodyBytes: 100_000, jsonBytes: 1000))
        try await LiveServer.run(server: server) { port in
            for (path, length) in [("/api/tasks", 1001), ("/api/nope", 100_001), ("/api/v1/task/run/", 1001)] {
                for expect in ["", "Expect: 100-continue\r\n"] {
                    try await RawClient.connect(port) { client in
                        let headers =
                            "Host: localhost\r\nContent-Type: application/json\r\nContent-Length: \(length)\r\n"
                        try await client.send("POST \(path) HTTP/1.1\r\n\(headers)\(expect)\r\n")
                        let text = try await client.readAll()
                        #expect(text.hasPrefix("HTTP/1.1 413 "), "\(path)")
                        #expect(text.lowercased().contains("\r\nconnection: close\r\n"))
                        #expect(!text.contains("100 Continue"))
                    }
                }
            }
        }
    }

    @Test func `a body that the client holds back is asked for and read`() async throws {
        let server = TestServer()
        try await LiveServer.run(server: server) { port in
            try await RawClient.connect(port) { client in
                let body = #"{"name":"scan"}"#
                let headers = "Host: localhost\r\nContent-Length: \(body.utf8.count)\r\nExpect: 100-continue\r\n"
                try await client.send("POST /api/tasks HTTP/1.1\r\n\(headers)\r\n")
                #expect(try await client.read(until: "\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n")
                client.forget()
                try await client.send(body)
                #expect(try await client.read(until: "\r\n").hasPrefix("HTTP/1.1 201 "))
                _ = try await client.read(until: "\"created\":1000}")
                client.forget()
                try await client.send(Self.plain)
                #expect(try await client.read(until: "\r\n").hasPrefix("HTTP/1.1 200 "))
            }
            // One that nobody wants is not asked for.
            try await RawClient.connect(port) { client in
                let headers = "Host: localhost\r\nContent-Length: 5\r\nExpect: 100-continue\r\n"
                try await client.send("POST /api/nope HTTP/1.1\r\n\(headers)\r\n")
                #expect(try await client.readAll().hasPrefix("HTTP/1.1 404 "))
            }
        }
    }

    @Test func `a chunked body is cut at the limit of its route and of the server`() async throws {
        let server = TestServer(limits: HTTPLimits(bodyBytes: 5000, jsonBytes: 1000))
        try await LiveServer.run(server: server) { port in
            for size in [1500, 20_000] {
                try await RawClient.connect(port) { client in
                    try await client.send(
                        "POST /api/tasks HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
                    )
                    for _ in 0..<(size / 500) {
                        try? await client.send("1f4\r\n" + String(repeating: " ", count: 500) + "\r\n")
                    }
                    _ = try? await client.readAll()
                    #expect(client.text.hasPrefix("HTTP/1.1 413 "))
                    #expect(client.text.contains(#""code":"too_large""#))
                }
            }
        }
    }

    @Test func `a malformed chunk is answered 400`() async throws {
        try await LiveServer.run { port in
            try await RawClient.connect(port) { client in
                try await client.send(
                    "POST /api/tasks HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"
                )
                #expect(try await client.readAll().hasPrefix("HTTP/1.1 400 "))
            }
        }
    }

    @Test func `two Host headers are refused like none`() async throws {
        try await LiveServer.run { port in
            for hosts in ["", "Host: localhost\r\nHost: localhost\r\n", "Host: evil.example\r\n"] {
                try await RawClient.connect(port) { client in
                    try await client.send("GET /healthz HTTP/1.1\r\n\(hosts)\r\n")
                    let text = try await client.read(until: "forbidden_host")
                    #expect(text.hasPrefix("HTTP/1.1 403 "))
                }
            }
        }
    }

    @Test func `a head that does not come in time is answered 408`() async throws {
        let server = TestServer(limits: HTTPLimits(headTimeout: .seconds(4)))
        try await LiveServer.run(server: server) { port in
            let late = try await PromptClient.answer(to: "GET / HTTP/1.1\r\n", port: port)
            #expect(late.hasPrefix("HTTP/1.1 408 "))
            let silent = try await PromptClient.answer(to: "", port: port)
            #expect(silent == "")
        }
    }

    @Test func `the port can be bound again while old connections linger`() async throws {
        let port = Mutex(0)
        try await LiveServer.run { bound in
            port.withLock { $0 = bound }
            try await RawClient.connect(bound) { client in
                try await client.send("GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                _ = try await client.readAll()
            }
        }
        let again = port.withLock { $0 }
        try await LiveServer.run(port: again) { bound in
            #expect(bound == again)
            try await RawClient.connect(bound) { client in
                try await client.send(Self.plain)
                #expect(try await client.read(until: "\r\n").hasPrefix("HTTP/1.1 200 "))
            }
        }
    }

    @Test func `two servers cannot share a port`() async throws {
        try await LiveServer.run { port in
            await #expect(throws: (any Error).self) {
                try await LiveServer.run(port: port) { _ in Issue.record("the second server listens") }
            }
        }
    }
}
