import Domain

extension TaskRequest {
    /// The greatest parameters, in bytes of JSON.
    static let paramsLimit = 64 * 1024

    /// Reads the members of `task.run` (contracts/realtime.md §2); missing and `null` mean the same.
    ///
    /// Throws ``APIError`` `bad_message` that names the member.
    init(_ json: JSON) throws(APIError) {
        guard let name = json["name"]?.string, Identifier.isValid(name) else {
            throw Self.wrong("name", "1 to 128 printable ASCII characters")
        }
        let params = json["params"] ?? [:]
        guard case .object = params else { throw Self.wrong("params", "an object") }
        guard params.encoded.count <= Self.paramsLimit else { throw Self.wrong("params", "at most 64 KiB") }
        self.init(name: name, params: params)
        if let value = json["priority"] { priority = try Self.int(value, "priority", -100...100) }
        if let value = json["attempts"] { attempts = try Self.int(value, "attempts", 1...100) }
        if let value = json["requires"] { requires = try Self.capabilities(value) }
        if let value = json["task"] {
            guard let text = value.string, Identifier.isValid(text) else {
                throw Self.wrong("task", "1 to 128 printable ASCII characters")
            }
            id = text
        }
    }

    private static func wrong(_ field: String, _ what: String) -> APIError {
        APIError(.badMessage, "\(field) must be \(what)", field: field)
    }

    private static func int(_ value: JSON, _ field: String, _ range: ClosedRange<Int>) throws(APIError) -> Int {
        guard let number = value.int, range.contains(number) else {
            throw wrong(field, "an integer from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    private static func capabilities(_ value: JSON) throws(APIError) -> [String] {
        let texts = value.array?.compactMap(\.string) ?? []
        guard let count = value.array?.count, count <= 64, texts.count == count,
            texts.allSatisfy({ (1...128).contains($0.utf8.count) })
        else { throw wrong("requires", "at most 64 texts of 1 to 128 bytes") }
        return texts
    }
}
