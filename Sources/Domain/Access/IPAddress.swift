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
        var v6 = in6_addr()
        return inet_pton(AF_INET, text, &v4) == 1 || inet_pton(AF_INET6, text, &v6) == 1
    }

    /// Whether `text` is a loopback address (127.0.0.0/8, ::1) or `localhost`.
    package static func isLoopback(_ text: String) -> Bool {
        if text == "localhost" { return true }
        var v4 = in_addr()
        if inet_pton(AF_INET, text, &v4) == 1 { return UInt32(bigEndian: v4.s_addr) >> 24 == 127 }
        var v6 = in6_addr()
        guard inet_pton(AF_INET6, text, &v6) == 1 else { return false }
        return withUnsafeBytes(of: &v6) { bytes in bytes.dropLast().allSatisfy { $0 == 0 } && bytes.last == 1 }
    }
}
