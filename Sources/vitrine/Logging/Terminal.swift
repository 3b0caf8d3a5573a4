#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A terminal that a bar can be drawn on.
struct Terminal: Sendable {
    /// How many columns it has now.
    let width: @Sendable () -> Int

    /// Standard error, when it is a terminal that understands cursor movement.
    static var standardError: Terminal? {
        guard isatty(STDERR_FILENO) == 1 else { return nil }
        if let kind = getenv("TERM"), String(cString: kind) == "dumb" { return nil }
        return Terminal {
            var size = winsize()
            guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
            return Int(size.ws_col)
        }
    }
}
