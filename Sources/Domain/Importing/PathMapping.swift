/// Says where folders lie now that were moved since paths were written down.
package struct PathMapping: Hashable, Sendable {
    private var rules: [(from: String, to: String)] = []

    /// A mapping that changes nothing.
    package init() {}

    package static func == (one: PathMapping, other: PathMapping) -> Bool {
        one.rules.elementsEqual(other.rules) { $0 == $1 }
    }

    package func hash(into hasher: inout Hasher) {
        for rule in rules {
            hasher.combine(rule.from)
            hasher.combine(rule.to)
        }
    }

    /// Adds a rule written `OLD=NEW`, both absolute; `false` when it is none.
    package mutating func add(_ text: String) -> Bool {
        guard let split = text.firstIndex(of: "=") else { return false }
        let from = Self.trimmed(text[..<split])
        let to = Self.trimmed(text[text.index(after: split)...])
        guard !from.isEmpty, to.utf8.first == UInt8(ascii: "/") else { return false }
        rules.append((from, to))
        return true
    }

    /// The path as it is now: the longest folder that a rule names is replaced; backslashes of Windows become slashes
    /// below it.
    package func apply(_ path: String) -> String {
        var best: (from: String, to: String)?
        for rule in rules where Self.isBelow(path, rule.from) && rule.from.utf8.count > best?.from.utf8.count ?? 0 {
            best = rule
        }
        guard let best else { return path }
        let rest = String(decoding: path.utf8.dropFirst(best.from.utf8.count), as: UTF8.self)
        let slashed = best.from.utf8.first == UInt8(ascii: "/") ? rest : rest.replacing("\\", with: "/")
        return (best.to == "/" ? "" : best.to) + slashed
    }

    private static func isBelow(_ path: String, _ folder: String) -> Bool {
        guard path.utf8.starts(with: folder.utf8) else { return false }
        guard let next = path.utf8.dropFirst(folder.utf8.count).first else { return true }
        return next == UInt8(ascii: "/") || next == UInt8(ascii: "\\")
    }

    /// Without slashes at the end; the root folder stays `/`.
    private static func trimmed(_ folder: Substring) -> String {
        var folder = folder
        while folder.count > 1, folder.last == "/" || folder.last == "\\" { folder.removeLast() }
        return String(folder)
    }
}
