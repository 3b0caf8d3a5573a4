import HTTPTypes
import Hummingbird
import Testing

@testable import REST

@Suite struct RouteTableTests {
    static func route(_ method: HTTPRequest.Method, _ path: String) -> Route {
        Route(method, path) { _, _ in Response(status: .ok) }
    }
    let table = RouteTable([
        Self.route(.get, "/a"), Self.route(.post, "/a/"), Self.route(.get, "/a/{id}"),
        Self.route(.put, "/t/{hash}.webp"), Self.route(.post, "/a/scan"),
    ])

    @Test(
        arguments: [
            ("/a", [.get, .head, .post]), ("/a/", [.get, .head, .post]), ("//a", [.get, .head, .post]),
            ("/a/x", [.get, .head]), ("/a/scan", [.post]),
            ("/a/x/y", []), ("/", []), ("/t/x.webp", [.put]), ("/t/.webp", []), ("/t/x.png", []), ("/b", []),
        ] as [(String, [HTTPRequest.Method])]
    )
    func `a path knows the methods of all its routes`(path: String, methods: [HTTPRequest.Method]) {
        #expect(table.methods(for: path) == methods)
    }
}
