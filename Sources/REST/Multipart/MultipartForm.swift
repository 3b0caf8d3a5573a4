import Hummingbird

/// The fields of a form that a request carries, those that are wanted, in memory.
struct MultipartForm: Sendable {
    private var fields: [String: [UInt8]] = [:]

    /// Reads a body of at most `limit` bytes; `fields` names the wanted fields with the greatest size of each.
    ///
    /// Of a field that stands more than once the first counts. Other fields are read over. Throws ``MultipartFailure``,
    /// and ``RequestBodyFailure/tooLarge`` for a body or a field past its bound.
    init(_ request: Request, limit: Int, fields limits: [String: Int]) async throws {
        guard let type = request.headers[.contentType].flatMap(HeaderParameters.init), let boundary = type["boundary"],
            var parser = MultipartParser(boundary: boundary)
        else { throw MultipartFailure.noBoundary }
        try request.checkContentLength(limit: limit)
        var count = 0
        var open: (name: String, limit: Int, content: [UInt8])?
        for try await buffer in request.body {
            count += buffer.readableBytes
            guard count <= limit else { throw RequestBodyFailure.tooLarge }
            for event in try parser.feed(buffer.readableBytesView) {
                switch event {
                case .part(let head):
                    open = fields[head.name] == nil ? limits[head.name].map { (head.name, $0, []) } : nil
                case .bytes(let bytes):
                    guard let length = open?.content.count, let limit = open?.limit else { continue }
                    guard length + bytes.count <= limit else { throw RequestBodyFailure.tooLarge }
                    open?.content.append(contentsOf: bytes)
                case .partEnd:
                    if let open { fields[open.name] = open.content }
                    open = nil
                }
            }
        }
        guard parser.isWhole else { throw MultipartFailure.incomplete }
    }

    /// The content of a field.
    subscript(name: String) -> [UInt8]? { fields[name] }

    /// The content of a field as a text without blanks around it; `nil` when it is missing or no UTF-8.
    func text(_ name: String) -> String? {
        fields[name].flatMap { String(validating: $0, as: UTF8.self) }.map(BlankTrimming.trimmed)
    }
}
