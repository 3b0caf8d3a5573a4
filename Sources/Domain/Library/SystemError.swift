#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A call of the operating system that failed.
package struct SystemError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The `errno` of the call.
    package let code: Int32
    /// What was tried, with the path.
    package let action: String

    /// A failure of what was tried, with the `errno` it left.
    package init(code: Int32, action: String) {
        self.code = code
        self.action = action
    }

    package var description: String { "\(action): \(Self.text(code))" }

    /// Whether the system has too little of something that others will give back: open files or memory.
    package var isShortage: Bool { [EMFILE, ENFILE, ENOMEM].contains(code) }

    /// The system's own words for an `errno`.
    package static func text(_ code: Int32) -> String {
        String(cString: strerror(code))
    }
}
