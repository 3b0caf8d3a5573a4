/// A message of an Engine.IO connection that has been read and waits to be done.
enum SocketIOIncoming: Sendable {
    case text(String)
    case binary([UInt8])

    /// What it counts for in bounds, in bytes.
    var size: Int {
        switch self {
        case .text(let text): text.utf8.count
        case .binary(let bytes): bytes.count
        }
    }
}
