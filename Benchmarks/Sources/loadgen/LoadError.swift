/// Why a measurement could not be made.
enum LoadError: Error, CustomStringConvertible {
    case system(String, Int32)
    case handshake(String)
    case closed
    case timeout(String)

    var description: String {
        switch self {
        case .system(let call, let code): "\(call) failed with error \(code)"
        case .handshake(let answer): "the server did not upgrade: \(answer)"
        case .closed: "the server closed a connection"
        case .timeout(let what): "\(what) did not happen in time"
        }
    }
}
