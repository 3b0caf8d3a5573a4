/// Paths below which a dialect is served.
enum BasePathText {
    static let form = "a path such as /infinite_image_browsing that the server does not use itself"

    /// What the server has at the first part of a path.
    private static let taken: Set<String> = [
        "api", "ws", "events", "socket.io", "healthz", "metrics", "openapi", "thumbnails", "worker",
    ]

    /// The path without a slash at its end; `nil` for one that does not begin with one, has empty parts, `.` or `..`,
    /// or anything but letters, digits, dots, dashes, underscores and tildes, and for one of the server's own.
    static func path(_ text: String) -> String? {
        let path = text.hasSuffix("/") ? text.dropLast() : text[...]
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        guard path.utf8.count <= 128, parts.count > 1, parts[0].isEmpty, !taken.contains(String(parts[1])),
            parts.dropFirst().allSatisfy(isPart)
        else { return nil }
        return String(path)
    }

    private static func isPart(_ part: Substring) -> Bool {
        guard !part.isEmpty, part != ".", part != ".." else { return false }
        return part.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                true
            default: false
            }
        }
    }
}
