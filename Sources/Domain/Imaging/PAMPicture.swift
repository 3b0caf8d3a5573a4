/// Reads pictures of the format PAM (Netpbm), as ffmpeg writes them.
enum PAMPicture {
    /// How long a header may be.
    private static let headerLimit = 512

    /// The picture in `bytes`; `nil` unless it is one of RGBA, 8 bits each, and whole.
    static func decode(_ bytes: [UInt8]) -> Pixmap? {
        var fields: [String: String] = [:]
        var start = 0
        while true {
            guard let end = bytes[start...].prefix(headerLimit).firstIndex(of: UInt8(ascii: "\n")),
                end < headerLimit
            else { return nil }
            let line = String(decoding: bytes[start..<end], as: UTF8.self)
            let isFirst = start == 0
            start = end + 1
            if isFirst != (line == "P7") { return nil }
            if line == "ENDHDR" { break }
            let parts = line.split(separator: " ", maxSplits: 1)
            if parts.count == 2 { fields[String(parts[0])] = String(parts[1]) }
        }
        guard fields["DEPTH"] == "4", fields["MAXVAL"] == "255", let width = fields["WIDTH"].flatMap({ Int($0) }),
            let height = fields["HEIGHT"].flatMap({ Int($0) })
        else { return nil }
        return Pixmap(width: width, height: height, pixels: Array(bytes[start...]))
    }
}
