import Dispatch
import Domain
import NIOCore
import Synchronization

/// The answer that lists a folder (contracts/iib.md §1): a long text for a large one, written by several threads.
enum IIBFileList {
    /// How many entries one thread writes at a time.
    private static let share = 512

    /// `{"files": [...]}`.
    static func text(_ entries: [FileInfo]) -> ByteBuffer {
        let count = (entries.count + share - 1) / share
        guard count > 1 else { return buffer([text(entries[...])]) }
        let parts = Mutex([[UInt8]](repeating: [], count: count))
        DispatchQueue.concurrentPerform(iterations: count) { index in
            let bytes = text(entries[index * share..<min((index + 1) * share, entries.count)])
            parts.withLock { $0[index] = bytes }
        }
        return buffer(parts.withLock { $0 })
    }

    /// The entries with commas between them.
    private static func text(_ entries: ArraySlice<FileInfo>) -> [UInt8] {
        var text = JSONText(capacity: 384 * entries.count)
        var time = LocalTimeWriter()
        for (index, entry) in zip(entries.indices, entries) {
            if index > entries.startIndex { text.append(",") }
            text.append(IIBFileInfo(entry), &time)
        }
        return text.bytes
    }

    private static func buffer(_ parts: [[UInt8]]) -> ByteBuffer {
        var buffer = ByteBufferAllocator().buffer(capacity: parts.reduce(64) { $0 + $1.count + 1 })
        buffer.writeStaticString(#"{"files":["#)
        for (index, part) in parts.enumerated() {
            if index > 0 { buffer.writeStaticString(",") }
            buffer.writeBytes(part)
        }
        buffer.writeStaticString("]}")
        return buffer
    }
}
