/// Which end of the connection we are (RFC 6455 §5.1): a client masks what it sends, a server must not.
package enum WebSocketRole: Sendable, Hashable {
    case server
    case client
}
