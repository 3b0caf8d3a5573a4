/// Why the rest of a request's body does not come; whoever reads the body gets it as an error.
enum RequestBodyFailure: Error, Hashable, Sendable {
    /// It is longer than the server's bound.
    case tooLarge
    /// Its framing is no HTTP/1.1.
    case malformed
}
