import HTTPTypes
import Hummingbird
import NIOCore
import Testing

@testable import REST

struct ExactBodyTests {
    /// Collects what is written.
    private final class Collected: @unchecked Sendable {
        // Unchecked: one test uses it, one write after the other.
        var text = ""
        var isFinished = false
    }

    private struct Writer: ResponseBodyWriter {
        let collected: Collected

        mutating func write(_ buffer: ByteBuffer) async throws { collected.text += String(buffer: buffer) }

        consuming func finish(_ trailingHeaders: HTTPFields?) async throws { collected.isFinished = true }
    }

    private func send(_ parts: [String], announced: Int?) async throws -> Collected {
        let body = ResponseBody(contentLength: announced) { writer in
            for part in parts { try await writer.write(ByteBuffer(string: part)) }
            try await writer.finish(nil)
        }
        let collected = Collected()
        try await ExactBody.exact(body).write(Writer(collected: collected))
        return collected
    }

    @Test("A body as long as announced is sent whole, and so is one without a length")
    func whole() async throws {
        for announced in [6, nil] {
            let sent = try await send(["abc", "", "def"], announced: announced)
            #expect(sent.text == "abcdef" && sent.isFinished)
        }
        #expect(try await send([], announced: 0).isFinished)
    }

    @Test("A body that is shorter or longer than announced fails", arguments: [7, 5, 2])
    func wrong(_ announced: Int) async throws {
        await #expect(throws: ExactBody.Failure.self) { try await send(["abc", "def"], announced: announced) }
    }
}
