import Hummingbird

/// The members of a request's query as forms and browsers write them: `+` stands for a space.
struct QueryMembers: Sendable {
    private let members: [(name: String, value: String)]

    /// Reads the query; a member whose escapes are broken is taken as it is written.
    init(_ request: Request) {
        members = (request.uri.query ?? "").split(separator: "&").map { pair in
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let value = parts.count > 1 ? parts[1] : ""
            return (Self.decoded(parts[0]), Self.decoded(value))
        }
    }

    /// The first value of this name.
    subscript(name: String) -> String? { members.first { $0.name == name }?.value }

    /// All values of this name, in their order.
    subscript(all name: String) -> [String] { members.filter { $0.name == name }.map(\.value) }

    private static func decoded(_ text: Substring) -> String {
        PercentEncoding.decode(text, isForm: true) ?? String(text)
    }
}
