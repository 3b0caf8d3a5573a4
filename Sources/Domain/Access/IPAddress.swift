#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// IP addresses in text form.
package enum IPAddress {
    /// Whether `text` is an IPv4 address in dotted form or an IPv6 address without brackets.
    package static func isValid(_ text: String) -> Bool {
        var v4 = in_addr()
        // A C string ends at a NUL, whatever stands behind it.
        guard !text.utf8.contains(0) else { return false }
        return inet_pton(AF_INET, text, &v4) == 1 || isVersion6(text)
    }

    /// Whether `text` is an IPv6 address without brackets.
    package static func isVersion6(_ text: String) -> Bool {
        var v6 = in6_addr()
        return !text.utf8.contains(0) && inet_pton(AF_INET6, text, &v6) == 1
    }

    /// Whether `text` is a loopback address (127.0.0.0/8, ::1) or `localhost`.
    package static func isLoopback(_ text: String) -> Bool {
        if text == "localhost" { return true }
        guard !text.utf8.contains(0) else { return false }
        var v4 = in_addr()
        if inet_pton(AF_INET, text, &v4) == 1 { return UInt32(bigEndian: v4.s_addr) >> 24 == 127 }
        var v6 = in6_addr()
        guard inet_pton(AF_INET6, text, &v6) == 1 else { return false }
        return withUnsafeBytes(of: &v6) { bytes in bytes.dropLast().allSatisfy { $0 == 0 } && bytes.last == 1 }
    }
}
