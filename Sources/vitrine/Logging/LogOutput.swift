#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Where whole lines of text go.
struct LogOutput: Sendable {
    private let put: @Sendable (String) -> Void

    /// An output that calls `put` with each text.
    init(_ put: @escaping @Sendable (String) -> Void) {
        self.put = put
    }

    /// Writes the text and a line feed.
    func writeLine(_ text: String) { put(text + "\n") }

    /// Writes the text as it is.
    func write(_ text: String) { put(text) }

    /// The process's standard error; a text is one `write` as long as the system takes it whole.
    static let standardError = LogOutput { writeAll($0, to: STDERR_FILENO) }
    /// The process's standard output.
    static let standardOutput = LogOutput { writeAll($0, to: STDOUT_FILENO) }

    /// Writes all of the text; what cannot be written is lost, for there is nobody left to tell.
    private static func writeAll(_ text: String, to descriptor: CInt) {
        var text = text
        text.withUTF8 { bytes in
            var rest = UnsafeRawBufferPointer(bytes)
            while let base = rest.baseAddress, !rest.isEmpty {
                #if canImport(Glibc)
                    let count = Glibc.write(descriptor, base, rest.count)
                #else
                    let count = Darwin.write(descriptor, base, rest.count)
                #endif
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return }
                rest = UnsafeRawBufferPointer(rebasing: rest[count...])
            }
        }
    }
}
