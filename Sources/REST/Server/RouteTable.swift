import HTTPTypes

/// All routes, for those who ask about paths without asking for an answer.
struct RouteTable: Sendable {
    private struct Entry: Sendable {
        let segments: [Segment]
        let method: HTTPRequest.Method
        let permission: Route.Permission
    }

    /// One part of a path: fixed text around at most one parameter.
    private struct Segment: Sendable {
        let prefix: Substring
        let suffix: Substring
        let isParameter: Bool

        init(_ text: Substring) {
            guard let open = text.firstIndex(of: "{"), let close = text.lastIndex(of: "}"), open < close else {
                prefix = text
                suffix = ""
                isParameter = false
                return
            }
            prefix = text[..<open]
            suffix = text[text.index(after: close)...]
            isParameter = true
        }

        func matches(_ text: Substring) -> Bool {
            guard isParameter else { return prefix == text }
            return text.utf8.count > prefix.utf8.count + suffix.utf8.count
                && text.hasPrefix(prefix) && text.hasSuffix(suffix)
        }
    }

    private let entries: [Entry]

    init(_ routes: [Route]) {
        entries = routes.map {
            Entry(segments: Self.split($0.path).map(Segment.init), method: $0.method, permission: $0.permission)
        }
    }

    private static func split(_ path: String) -> [Substring] {
        path.split(separator: "/", omittingEmptySubsequences: true)
    }

    private func entries(for path: String) -> [Entry] {
        let parts = Self.split(path)
        return entries.filter { entry in
            entry.segments.count == parts.count && zip(entry.segments, parts).allSatisfy { $0.matches($1) }
        }
    }

    /// Who may use a method of a path.
    func permission(for path: String, _ method: HTTPRequest.Method) -> Route.Permission {
        entries(for: path).first { $0.method == method }?.permission ?? .usual
    }

    /// The methods that the path knows, in the order of their routes; none when it is no route's path.
    ///
    /// `GET` brings `HEAD` with it.
    func methods(for path: String) -> [HTTPRequest.Method] {
        entries(for: path).flatMap { $0.method == .get ? [.get, .head] : [$0.method] }
    }
}
