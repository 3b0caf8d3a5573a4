/// Encoded JSON objects in the forms that leave the server.
enum MessageEncoder {
    /// Shorter messages than this gain nothing from compression.
    static let compressionThreshold = 256

    /// One unfragmented text frame (RFC 6455 §5.2).
    static func webSocket(_ json: [UInt8]) -> Bytes {
        var bytes = Bytes(capacity: json.count + 10)
        json.withUnsafeBytes { FrameEncoder.encode(.text, $0, rsv1: false, into: &bytes) }
        return bytes
    }

    /// One compressed text frame that any peer with these window bits can read; `nil` when not worth it.
    static func deflated(_ json: UnsafeRawBufferPointer, windowBits: Int, contexts: DeflateContexts) -> Bytes? {
        guard json.count >= compressionThreshold else { return nil }
        let compressed = contexts.compress(json, windowBits: windowBits)
        guard compressed.count < json.count else { return nil }
        var bytes = Bytes(capacity: compressed.count + 10)
        FrameEncoder.encode(.text, compressed, rsv1: true, into: &bytes)
        return bytes
    }

    /// One block of an event stream; JSON as we write it has no line breaks, so `data` is one line.
    static func eventStream(_ type: String, json: UnsafeRawBufferPointer, id: String?) -> Bytes {
        var bytes = Bytes(capacity: json.count + type.utf8.count + 64)
        bytes.write(text: "event: \(type)\n")
        if let id { bytes.write(text: "id: \(id)\n") }
        bytes.write(text: "data: ")
        bytes.write(json)
        bytes.write(text: "\n\n")
        return bytes
    }
}

extension Bytes {
    /// Appends the text's UTF-8.
    mutating func write(text: String) {
        var text = text
        text.withUTF8 { write(UnsafeRawBufferPointer($0)) }
    }
}
