import Testing

@testable import vitrine

@Suite struct HostTextTests {
    @Test(
        "a host is an address or a name, and loses its brackets",
        arguments: [
            ("127.0.0.1", "127.0.0.1"), ("::1", "::1"), ("[::1]", "::1"), ("localhost", "localhost"),
            ("nas-2.home_net", "nas-2.home_net"), ("0.0.0.0", "0.0.0.0"),
        ]
    )
    func goodHosts(text: String, host: String) {
        #expect(HostText.host(text) == host)
    }

    @Test(
        "what is no host is refused",
        arguments: ["", "a b", "http://a", "a:80", "[127.0.0.1]", "[::1", "::zz", "-a", ".a", "a/b", "ä", "a\n"]
    )
    func badHosts(text: String) {
        #expect(HostText.host(text) == nil)
    }

    @Test(
        "an origin is scheme, host and port, in lower case",
        arguments: [
            ("https://Pics.example:8443", "https://pics.example:8443"), ("http://localhost/", "http://localhost"),
            ("http://[::1]:8080", "http://[::1]:8080"), ("http://[::1]", "http://[::1]"),
        ]
    )
    func goodOrigins(text: String, origin: String) {
        #expect(HostText.origin(text) == origin)
    }

    @Test(
        "what is no origin is refused",
        arguments: [
            "", "null", "*", "pics.example", "ftp://a", "http://", "http://a/b", "http://a:0", "http://a:65536",
            "http://a:", "http://a:b", "http://u@a", "http://a?b", "http://::1",
        ]
    )
    func badOrigins(text: String) {
        #expect(HostText.origin(text) == nil)
    }
}
