import Testing

@testable import vitrine

@Suite struct TokenRedactorTests {
    private let redactor = TokenRedactor(tokens: ["s3cret-token", "s3cret-token-2", "abc"])

    @Test(
        "tokens are taken out wherever they stand",
        arguments: [
            ("s3cret-token", "[redacted]"), ("see s3cret-token.", "see [redacted]."),
            ("xs3cret-tokenx", "x[redacted]x"), ("s3cret-token-2 s3cret-token", "[redacted] [redacted]"),
            ("GET /ws?token=whatever&x=1", "GET /ws?token=[redacted]&x=1"),
            ("GET /ws?TOKEN=a%20b HTTP", "GET /ws?TOKEN=[redacted] HTTP"),
            ("offered vitrine.v1, vitrine.token.wrong~1", "offered vitrine.v1, vitrine.token.[redacted]"),
            ("Authorization: Bearer un-known", "Authorization: Bearer [redacted]"),
            ("abc (abc) ä abc", "[redacted] ([redacted]) ä [redacted]"), ("token=", "token="),
        ]
    )
    func redacted(text: String, result: String) {
        #expect(redactor.redact(text) == result)
    }

    @Test("other text stays as it is", arguments: ["", "abcd xabc", "s3cret-toke", "häßlich 🖼", "a token = b"])
    func kept(text: String) {
        #expect(redactor.redact(text) == text)
    }

    @Test("metadata with a telling name is taken out whole")
    func metadata() {
        #expect(redactor.redact(key: "Authorization", value: "Basic eA==") == "[redacted]")
        #expect(redactor.redact(key: "token", value: "x") == "[redacted]")
        #expect(redactor.redact(key: "uri", value: "/a?token=x") == "/a?token=[redacted]")
        #expect(redactor.redact(key: "task", value: "7") == "7")
    }

    @Test("a redactor without tokens still knows where tokens stand")
    func noTokens() {
        #expect(TokenRedactor().redact("?token=x") == "?token=[redacted]")
        #expect(TokenRedactor(tokens: [""]).redact("plain") == "plain")
    }
}
