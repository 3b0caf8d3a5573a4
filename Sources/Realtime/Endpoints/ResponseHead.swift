/// The head of an HTTP/1.1 response as bytes, for connections that leave HTTP.
enum ResponseHead {
    static func bytes(_ status: String, _ headers: [(name: String, value: String)]) -> Bytes {
        var bytes = Bytes(capacity: 256)
        bytes.write(text: "HTTP/1.1 \(status)\r\n")
        for header in headers { bytes.write(text: "\(header.name): \(header.value)\r\n") }
        bytes.write(text: "\r\n")
        return bytes
    }
}
