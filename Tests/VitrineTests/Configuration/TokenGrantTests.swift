import Domain
import Testing

@testable import vitrine

@Suite struct TokenGrantTests {
    @Test("a grant is read for every role", arguments: Role.allCases)
    func good(role: Role) throws {
        let grant = try #require(TokenGrant("\(role.rawValue):aZ09._~-"))
        #expect(grant.role == role)
        #expect(grant.token == "aZ09._~-")
    }

    @Test(
        "what is no grant is refused",
        arguments: [
            "", ":", "admin", "admin:", ":secret", "root:secret", "Admin:secret", "admin:a b", "admin:a:b",
            "admin:ä", "admin:" + String(repeating: "a", count: 129),
        ]
    )
    func bad(text: String) {
        #expect(TokenGrant(text) == nil)
        #expect(throws: ConfigurationError.self) { try TokenGrant.roles(["viewer:good", text]) }
    }

    @Test("a token may be given twice with one role, and not with two")
    func twice() throws {
        #expect(try TokenGrant.roles(["viewer:a", "viewer:a"]) == ["a": .viewer])
        #expect(throws: ConfigurationError.self) { try TokenGrant.roles(["viewer:a", "admin:a"]) }
    }

    @Test("an error about a grant does not hold it", arguments: ["root:hush-hush", "admin:hush hush", "hush"])
    func silent(text: String) throws {
        let error = try #require(throws: ConfigurationError.self) { try TokenGrant.roles([text]) }
        #expect(!error.message.contains("hush"))
    }
}
