import Domain
import HTTPTypes

/// The cookie by which the dialect's client says who it is: the hash of a token (contracts/iib.md, Login).
///
/// Every token of the server can be given to the client, which asks for a "secret key"; `IIB_SECRET_KEY` is one more.
struct IIBLogin: Sendable {
    private let roles: [(hash: [UInt8], role: Role)]

    init(policy: AccessPolicy) {
        roles = policy.roles { Array((ContentHash(of: Array(($0 + "_ciallo").utf8))?.hex ?? "").utf8) }
            .filter { !$0.0.isEmpty }.map { ($0.0, $0.1) }
    }

    /// The role of whoever sends these cookies; `nil` when none of them is the hash of a token.
    func role(_ headers: HTTPFields) -> Role? {
        guard !roles.isEmpty else { return nil }
        var found: Role?
        for header in headers[values: .cookie] {
            for pair in header.split(separator: ";") {
                let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                guard parts.count == 2, Self.trimmed(parts[0]) == "IIB_S" else { continue }
                let value = Array(Self.trimmed(parts[1]).utf8)
                for (hash, role) in roles where Self.equal(hash, value) { found = role }
            }
        }
        return found
    }

    /// Compares in a time that depends on the lengths only.
    private static func equal(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        left.count == right.count && zip(left, right).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text.drop { $0 == " " || $0 == "\t" }
        while text.last == " " || text.last == "\t" { text.removeLast() }
        return text
    }
}
