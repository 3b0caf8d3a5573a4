/// What stands before the content of a part of a form (RFC 7578 §4.2).
struct MultipartHead: Hashable, Sendable {
    /// The field's name.
    let name: String
    /// The name of the file that it comes from, as the client says it; never to be used as a path.
    let fileName: String?
    /// The media type of the content, as the client says it.
    let contentType: String?

    init(name: String, fileName: String? = nil, contentType: String? = nil) {
        self.name = name
        self.fileName = fileName
        self.contentType = contentType
    }

    /// Reads header lines with CRLF between them, unknown ones among them.
    ///
    /// `nil` for lines that are no headers, and without `Content-Disposition: form-data` that says a name. Escapes of
    /// browsers (`%22`) stay as they are.
    init?(lines: ArraySlice<UInt8>) {
        guard let text = String(validating: lines, as: UTF8.self) else { return nil }
        var disposition: HeaderParameters?
        var contentType: String?
        for line in text.split(separator: "\r\n") {
            guard !line.utf8.contains(where: { $0 < 32 && $0 != 9 || $0 == 127 }), let colon = line.firstIndex(of: ":")
            else { return nil }
            let value = BlankTrimming.trimmed(String(line[line.index(after: colon)...]))
            switch line[..<colon].lowercased() {
            case "content-disposition":
                guard disposition == nil, let read = HeaderParameters(value) else { return nil }
                disposition = read
            case "content-type": contentType = value
            default: break
            }
        }
        guard let disposition, disposition.value == "form-data", let name = disposition["name"] else { return nil }
        self.init(name: name, fileName: disposition["filename"], contentType: contentType)
    }
}
