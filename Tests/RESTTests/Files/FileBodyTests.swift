import Foundation
import Hummingbird
import Logging
import NIOCore
import NIOEmbedded
import Testing

@testable import REST

struct FileBodyTests {
    private let folder: TemporaryFolder
    private let context = APIContext(
        source: ApplicationRequestContextSource(channel: NIOAsyncTestingChannel(), logger: Logger(label: "test"))
    )

    init() throws { folder = try TemporaryFolder() }

    private func bytes(_ count: Int) -> [UInt8] { (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) } }

    private func file(_ bytes: [UInt8]) throws -> String {
        try folder.write(bytes, to: "file")
    }

    private func sent(_ body: ResponseBody) async throws -> [UInt8] {
        let collector = BodyCollector()
        try await body.write(collector)
        return collector.bytes
    }

    @Test("A file is sent as it is", arguments: [0, 1, 32 << 10, 100_000, 128 << 10, 128 << 10 + 1, 700_000])
    func whole(_ count: Int) async throws {
        let bytes = bytes(count)
        let body = try await FileBody.body(path: file(bytes), range: nil, context: context)
        #expect(body.contentLength == count)
        #expect(try await sent(body) == bytes)
    }

    @Test("A part of a file is sent as it is", arguments: [0...0, 5...70_000, 100_000...699_999])
    func part(_ range: ClosedRange<Int>) async throws {
        let bytes = bytes(700_000)
        let body = try await FileBody.body(path: file(bytes), range: range, context: context)
        #expect(body.contentLength == range.count)
        #expect(try await sent(body) == Array(bytes[range]))
    }

    @Test("Two files at the same time do not get into each other's way")
    func together() async throws {
        let bytes = bytes(700_000)
        let path = try file(bytes)
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for start in 0..<20 {
                group.addTask {
                    let range = start * 7...600_000 + start
                    let body = try await FileBody.body(path: path, range: range, context: context)
                    return try await sent(body) == Array(bytes[range])
                }
            }
            for try await isSame in group { #expect(isSame) }
        }
    }

    @Test("What is missing, no file, or shorter than its part is not found")
    func missing() async throws {
        let path = try file(bytes(10))
        for (path, range) in [(path + "x", nil), (folder.path, nil), (path, 0...10)] {
            await #expect(throws: HTTPError.self) {
                _ = try await FileBody.body(path: path, range: range, context: context)
            }
        }
    }

    @Test("A file that becomes shorter while it is sent ends early, which breaks its connection")
    func shortened() async throws {
        let path = try file(bytes(700_000))
        let body = try await FileBody.body(path: path, range: nil, context: context)
        #expect(truncate(path, 300_000) == 0)
        await #expect(throws: ExactBody.Failure.self) { _ = try await sent(ExactBody.exact(body)) }
    }
}
