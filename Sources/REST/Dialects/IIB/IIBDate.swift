/// The dates by which clients of Infinite Image Browsing tell the versions of a file apart.
package enum IIBDate {
    /// The server's local time at so many seconds since 1970, as `2026-01-31 23:59:59`.
    package static func text(_ seconds: Int) -> String {
        var writer = LocalTimeWriter()
        return writer.text(seconds)
    }
}
