/// The id of a task on Celery: always the same for one attempt at one task.
///
/// A server that restarts asks for the same id again and so finds what it has enqueued before. The time of creation
/// is part of it, because a client may choose the id of a task that was used before in another database.
enum CeleryIdentifier {
    /// The id, a version 8 UUID (RFC 9562 §5.8) made of a SHA-256; a random one should libcrypto fail.
    static func make(task: String, created: Milliseconds, attempt: Int) -> String {
        let text = "vitrine\u{0}\(task)\u{0}\(created)\u{0}\(attempt)"
        guard let hash = Array(text.utf8).withUnsafeBytes({ ContentHasher()?.hash($0) }) else {
            return Identifier.make()
        }
        var bytes = Array(hash.bytes.prefix(16))
        bytes[6] = bytes[6] & 0x0F | 0x80
        bytes[8] = bytes[8] & 0x3F | 0x80
        let digits = Array("0123456789abcdef".utf8)
        var text8: [UInt8] = []
        for (index, byte) in bytes.enumerated() {
            if [4, 6, 8, 10].contains(index) { text8.append(UInt8(ascii: "-")) }
            text8.append(digits[Int(byte >> 4)])
            text8.append(digits[Int(byte & 15)])
        }
        return String(decoding: text8, as: UTF8.self)
    }
}
