import Domain
import Testing

struct AccessPolicyTests {
    private let open = AccessPolicy(
        hosts: ["Vitrine.Example", "fe80::1"],
        origins: ["https://Pages.example/", "http://a.example:80"]
    )
    private let closed = AccessPolicy(tokens: [
        "view-1": .viewer, "op.2": .operator, "work~3": .worker, "adm_4": .admin,
    ])

    @Test(
        "A Host that names an address, localhost or an allowed name passes",
        arguments: [
            "127.0.0.1", "127.0.0.1:8080", "192.168.1.20:80", "[::1]", "[::1]:8080", "[fe80::2]:1", "localhost",
            "LOCALHOST:8080", "localhost:", "vitrine.example", "VITRINE.example:443",
        ]
    )
    func goodHost(host: String) {
        #expect(throws: Never.self) { try open.checkHost([host]) }
    }

    @Test(
        "Any other Host is refused",
        arguments: [
            [], [""], ["localhost", "localhost"], ["evil.example"], ["localhost.evil.example"],
            ["127.0.0.1.evil.example"],
            ["evil.example:8080"], ["localhost:80a"], ["user@localhost"], ["localhost@evil.example"], ["::1"], ["[::1"],
            ["[::1]x"], ["[::1]:x"], ["[localhost]"], ["[127.0.0.1]"], ["[vitrine.example]"], ["127.1"], ["0x7f.0.0.1"],
            ["127.0.0.1\0.evil.example"], [" localhost"], [":8080"], ["localhost/"], ["sub.vitrine.example"], ["null"],
        ]
    )
    func badHost(hosts: [String]) {
        #expect(throws: AccessPolicy.Refusal.host) { try open.checkHost(hosts) }
    }

    @Test(
        "An Origin of the server's own host and port, or an allowed one, passes",
        arguments: [
            ([], "localhost:8080"), (["http://localhost:8080"], "localhost:8080"),
            (["HTTP://LocalHost:8080"], "localhost:8080"), (["http://localhost"], "localhost"),
            (["http://localhost"], "localhost:80"), (["https://localhost"], "localhost:443"),
            (["https://localhost:443"], "localhost"), (["http://[::1]:8080"], "[::1]:8080"),
            (["http://[::1]"], "[::1]:80"), (["https://pages.example"], "localhost:8080"),
            (["https://pages.example:443"], "localhost"), (["http://A.example"], "localhost"),
        ] as [([String], String)]
    )
    func goodOrigin(origins: [String], host: String) {
        #expect(throws: Never.self) { try open.checkOrigin(origins, host: host) }
    }

    @Test(
        "Any other Origin is refused",
        arguments: [
            (["null"], "localhost"), ([""], "localhost"), (["http://evil.example"], "localhost"),
            (["http://localhost:8081"], "localhost:8080"), (["http://localhost"], "localhost:8080"),
            (["http://localhost:8080.evil.example"], "localhost:8080"), (["localhost:8080"], "localhost:8080"),
            (["http://127.0.0.1:8080"], "localhost:8080"), (["http://localhost", "http://localhost"], "localhost"),
            (["http://pages.example"], "localhost"), (["https://pages.example.evil"], "localhost"),
            (["https://pages.example:444"], "localhost"), (["http://localhost:8080/x"], "localhost:8080"),
            (["http://user@localhost:8080"], "localhost:8080"), (["http://localhost"], nil),
        ] as [([String], String?)]
    )
    func badOrigin(origins: [String], host: String?) {
        #expect(throws: AccessPolicy.Refusal.origin) { try open.checkOrigin(origins, host: host) }
    }

    @Test("Without tokens everyone is admin")
    func noTokens() throws {
        #expect(!open.needsToken)
        #expect(try open.role(authorization: nil, query: nil) == .admin)
        #expect(try open.role(authorization: "Bearer anything", query: "x") == .admin)
    }

    @Test(
        "The first token found decides",
        arguments: [
            ("Bearer view-1", [], nil, .viewer), ("bearer  op.2", [], nil, .operator),
            (nil, ["vitrine.v1", "vitrine.token.work~3"], nil, .worker), (nil, [], "adm_4", .admin),
            ("Bearer view-1", ["vitrine.token.adm_4"], "adm_4", .viewer),
            (nil, ["vitrine.token.op.2"], "adm_4", .operator),
            ("Basic dXNlcg==", [], "view-1", .viewer),
        ] as [(String?, [String], String?, Role)]
    )
    func goodToken(authorization: String?, subprotocols: [String], query: String?, role: Role) throws {
        #expect(try closed.role(authorization: authorization, subprotocols: subprotocols, query: query) == role)
    }

    @Test(
        "No token, a wrong one, or a wrong one before a right one is refused",
        arguments: [
            (nil, [], nil), ("Bearer nope", [], nil), ("Bearer nope", [], "adm_4"), ("Bearer", [], nil),
            (nil, ["vitrine.token."], nil), (nil, ["vitrine.token.nope"], "adm_4"), (nil, [], "ADM_4"),
            (nil, [], "adm_4 "), (nil, [], ""), (nil, ["vitrine.v1"], nil), ("Bearer view-1 x", [], nil),
        ] as [(String?, [String], String?)]
    )
    func badToken(authorization: String?, subprotocols: [String], query: String?) {
        #expect(throws: AccessPolicy.Refusal.token) {
            try closed.role(authorization: authorization, subprotocols: subprotocols, query: query)
        }
    }

    @Test("Tokens have 1 to 128 characters of their alphabet")
    func tokenForm() {
        for text in ["a", "A.z_~-9", String(repeating: "x", count: 128)] { #expect(AccessPolicy.isToken(text)) }
        for text in ["", "a b", "é", "a/b", "a\n", String(repeating: "x", count: 129)] {
            #expect(!AccessPolicy.isToken(text))
        }
    }

    @Test("Each refusal has the code of the contract")
    func codes() {
        #expect(AccessPolicy.Refusal.host.code == "forbidden_host")
        #expect(AccessPolicy.Refusal.origin.code == "forbidden_origin")
        #expect(AccessPolicy.Refusal.token.code == "unauthorized")
    }

    @Test("Roles allow what the contract says")
    func roles() {
        #expect(Role.allCases.filter(\.mayOperate) == [.operator, .admin])
        #expect(Role.allCases.filter(\.mayWork) == [.worker, .admin])
        #expect(Role.allCases.filter(\.mayPublish) == [.operator, .worker, .admin])
    }

    @Test(
        "Loopback is what never leaves the machine",
        arguments: [
            ("127.0.0.1", true), ("127.255.0.9", true), ("::1", true), ("localhost", true), ("128.0.0.1", false),
            ("::", false), ("::2", false), ("0.0.0.0", false), ("fe80::1", false), ("name", false), ("", false),
            ("127.0.0.1\0x", false), ("::ffff:127.0.0.1", false),
        ]
    )
    func loopback(text: String, isLoopback: Bool) {
        #expect(IPAddress.isLoopback(text) == isLoopback)
    }
}
