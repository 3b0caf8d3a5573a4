/// The one line that `serve` and `conformance` write to standard output.
enum Announcement {
    /// `listening on http://127.0.0.1:8080`: `https` with TLS, IPv6 addresses in brackets, the port that was bound.
    static func line(host: String, port: Int, usesTLS: Bool = false) -> String {
        "listening on \(usesTLS ? "https" : "http")://\(HostText.inURL(host)):\(port)"
    }

    /// Writes the line; to be called when connections are accepted.
    static func listening(host: String, port: Int, usesTLS: Bool = false) {
        LogOutput.standardOutput.writeLine(line(host: host, port: port, usesTLS: usesTLS))
    }
}
