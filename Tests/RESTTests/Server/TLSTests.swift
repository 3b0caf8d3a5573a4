import Foundation
import Logging
import NIOCore
import NIOPosix
import NIOSSL
import Testing

@testable import REST

@Suite(.timeLimit(.minutes(5))) struct TLSTests {
    /// Makes a self-signed certificate with the openssl program.
    static func certificate(in folder: TemporaryFolder) throws -> RESTConfiguration.TLS {
        let files = RESTConfiguration.TLS(certificateFile: folder.path + "/cert.pem", keyFile: folder.path + "/key.pem")
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days",
            "1",
            "-subj", "/CN=localhost", "-keyout", files.keyFile, "-out", files.certificateFile,
        ]
        process.standardError = FileHandle.nullDevice
        try process.run()
        #expect(process.exitCode() == 0)
        return files
    }

    static var client: TLSConfiguration {
        var client = TLSConfiguration.makeClientConfiguration()
        client.certificateVerification = .none
        return client
    }

    @Test func `https serves requests, and a takeover with messages of several records`() async throws {
        let folder = try TemporaryFolder()
        try await LiveServer.run(tls: Self.certificate(in: folder)) { port in
            try await RawClient.connect(port, tls: Self.client) { client in
                try await client.send(LiveServerTests.plain)
                #expect(try await client.read(until: "}").hasPrefix("HTTP/1.1 200 OK\r\n"))
                client.forget()
                try await client.send(LiveServerTests.upgrade + "first")
                #expect(try await client.read(count: 11) == "ready\nfirst")
                client.forget()
                let long = String(repeating: "0123456789abcdef", count: 20_000)
                try await client.send(long)
                #expect(try await client.read(count: long.utf8.count) == long)
            }
        }
    }

    @Test func `https refuses and closes in good order`() async throws {
        let folder = try TemporaryFolder()
        try await LiveServer.run(tls: Self.certificate(in: folder)) { port in
            try await RawClient.connect(port, tls: Self.client) { client in
                try await client.send("GET /refused HTTP/1.1\r\nHost: localhost\r\n\r\n")
                #expect(try await client.read(until: "\r\n\r\nno").hasPrefix("HTTP/1.1 426 "))
                _ = try? await client.readAll()
                #expect(client.text.hasSuffix("\r\n\r\nno"))
            }
        }
    }

    @Test func `plain text on the TLS port is closed, and the server goes on`() async throws {
        let folder = try TemporaryFolder()
        try await LiveServer.run(tls: Self.certificate(in: folder)) { port in
            try await RawClient.connect(port) { client in
                try await client.send(LiveServerTests.plain)
                let text = (try? await client.readAll()) ?? ""
                #expect(!text.contains("HTTP/1.1"))
            }
            try await RawClient.connect(port, tls: Self.client) { client in
                try await client.send(LiveServerTests.plain)
                #expect(try await client.read(until: "}").hasPrefix("HTTP/1.1 200 OK\r\n"))
            }
        }
    }

    @Test func `a missing certificate is an error at once`() throws {
        let tls = RESTConfiguration.TLS(certificateFile: "/nonexistent/cert.pem", keyFile: "/nonexistent/key.pem")
        #expect(throws: (any Error).self) {
            var configuration = TestServer().configuration
            configuration.tls = tls
            _ = try RESTServer(
                configuration: configuration,
                services: TestServer().services,
                eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
                logger: Logger(label: "test")
            )
        }
    }
}
