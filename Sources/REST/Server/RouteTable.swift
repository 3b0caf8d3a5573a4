import HTTPTypes

/// All routes, for those who ask about paths without asking for an answer.
struct RouteTable: Sendable {
    private struct Entry: Sendable {
        let segments: [Segment]
        /// Whether one or more parts may follow the segments: the path ends with `**`.
        let isOpenEnded: Bool
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
    /// The entries of each path without parameters, which most requests ask for.
    private var known: [String: [Entry]] = [:]

    init(_ routes: [Route]) {
        entries = routes.map {
            let parts = Self.split($0.path)
            let isOpenEnded = parts.last == "**"
            return Entry(
                segments: (isOpenEnded ? parts.dropLast() : parts).map(Segment.init),
                isOpenEnded: isOpenEnded,
                method: $0.method,
                permission: $0.permission
            )
        }
        for route in routes where !route.path.contains("{") && !route.path.contains("*") {
            known[route.path] = entries(for: route.path)
        }
    }

    private static func split(_ path: String) -> [Substring] {
        path.split(separator: "/", omittingEmptySubsequences: true)
    }

    private func entries(for path: String) -> [Entry] {
        if let known = known[path] { return known }
        let parts = Self.split(path)
        return entries.filter { entry in
            (entry.isOpenEnded ? entry.segments.count < parts.count : entry.segments.count == parts.count)
                && zip(entry.segments, parts).allSatisfy { $0.matches($1) }
        }
    }

    /// Who may use a method of a path; `HEAD` as `GET`.
    func permission(for path: String, _ method: HTTPRequest.Method) -> Route.Permission {
        let method = method == .head ? .get : method
        return entries(for: path).first { $0.method == method }?.permission ?? .usual
    }

    /// The methods that the path knows, in the order of their routes; none when it is no route's path.
    ///
    /// `GET` brings `HEAD` with it. Those of a path that is written out are its own alone.
    func methods(for path: String) -> [HTTPRequest.Method] {
        var methods: [HTTPRequest.Method] = []
        let entries = entries(for: path)
        // A path that is written out is never taken for a parameter, whatever its method.
        let exact = entries.filter { !$0.isOpenEnded && !$0.segments.contains(where: \.isParameter) }
        for entry in exact.isEmpty ? entries : exact {
            for method in entry.method == .get ? [.get, .head] : [entry.method] where !methods.contains(method) {
                methods.append(method)
            }
        }
        return methods
    }
}
