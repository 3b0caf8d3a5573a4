import Testing

@testable import vitrine

@Suite struct AnnouncementTests {
    @Test(
        "the line has the scheme, the host as in a URL, and the port",
        arguments: [
            ("127.0.0.1", 8080, false, "listening on http://127.0.0.1:8080"),
            ("::1", 1, false, "listening on http://[::1]:1"),
            ("nas.local", 443, true, "listening on https://nas.local:443"),
        ]
    )
    func line(host: String, port: Int, usesTLS: Bool, line: String) {
        #expect(Announcement.line(host: host, port: port, usesTLS: usesTLS) == line)
    }
}
