import Testing

@testable import vitrine

@Suite struct BasePathTextTests {
    @Test(
        "a path is taken without the slash at its end",
        arguments: [("/iib", "/iib"), ("/iib/", "/iib"), ("/a/b-c_d.e~f", "/a/b-c_d.e~f"), ("/apis", "/apis")]
    )
    func good(text: String, path: String) {
        #expect(BasePathText.path(text) == path)
    }

    @Test(
        "what is no path of its own is refused",
        arguments: [
            "", "/", "//", "iib", "/a//b", "/.", "/..", "/a/../b", "/a b", "/a?b", "/a%20", "/ä", "/a\0", "/api",
            "/api/x",
            "/ws", "/socket.io", "/metrics", "/healthz/x", "/openapi", "/" + String(repeating: "a", count: 128),
        ]
    )
    func bad(text: String) {
        #expect(BasePathText.path(text) == nil)
    }
}
