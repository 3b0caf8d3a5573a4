import Synchronization

/// The sessions of one Engine.IO path by their ids, for requests that come on any loop.
final class EngineDirectory: Sendable {
    private let sessions = Mutex<[String: EngineSession]>([:])
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    /// A fresh id: 20 characters, 120 random bits.
    static func makeID() -> String {
        var generator = SystemRandomNumberGenerator()
        var id: [UInt8] = []
        while id.count < 20 {
            let word: UInt64 = generator.next()
            for index in 0..<10 as Range<UInt64> { id.append(alphabet[Int(word >> (6 * index) & 63)]) }
        }
        return String(decoding: id, as: UTF8.self)
    }

    subscript(_ id: String) -> EngineSession? { sessions.withLock { $0[id] } }

    /// How many there are.
    var count: Int { sessions.withLock { $0.count } }

    func insert(_ session: EngineSession) {
        sessions.withLock { $0[session.id] = session }
    }

    func remove(_ session: EngineSession) {
        sessions.withLock { $0[session.id] = nil }
    }
}
