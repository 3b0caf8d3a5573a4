/// What stands under `__metadata__` in the header of a safetensors file: texts by name.
///
/// The file begins with the length of its header, 8 bytes, little-endian; the header is a JSON object of tensors, and
/// of texts under that name, which nearly always stand first (the format's README, "Format").
enum SafetensorsMetadata {
    /// How much of a header is looked at, in bytes; what lies beyond is left out.
    static let limit = 8 << 20
    /// How much of a text is kept, in bytes of JSON.
    static let textLimit = 16_384
    private static let nameLimit = 256
    /// The greatest length that the format allows a header.
    private static let greatestHeader = 100_000_000
    /// How much is looked at first, and then, when that did not show all texts.
    private static let steps = [16_376, 131_072, limit]

    private static let finder = ByteFinder("\"__metadata__\"".utf8)

    /// The texts of these names; `nil` for a file that is none.
    ///
    /// Values that are no texts, and what is cut off or broken, are left out. Of a repeated name the last counts.
    static func texts(_ source: inout ByteSource, _ wanted: Set<String>) -> [String: String]? {
        guard let length = source.little64(0), length >= 2, length <= min(source.count - 8, greatestHeader),
            source.byte(8) == UInt8(ascii: "{")
        else { return nil }
        var texts: [String: String] = [:]
        for step in steps {
            let part = min(step, length)
            let isAll = source.withBytes(8, part) { look($0, wanted, &texts, isWhole: part == length) } ?? true
            if isAll { break }
        }
        return texts
    }

    /// Takes texts from the first bytes of a header; answers whether more of them would not show more.
    private static func look(
        _ header: UnsafeRawBufferPointer,
        _ wanted: Set<String>,
        _ texts: inout [String: String],
        isWhole: Bool
    ) -> Bool {
        guard let place = find(header), var members = JSONMembers(header, at: place) else { return isWhole }
        texts = [:]
        while let member = members.next() {
            guard let name = members.text(member.name, limit: nameLimit), wanted.contains(name) else { continue }
            texts[name] = members.text(member.value, limit: textLimit)
        }
        return members.isComplete
    }

    /// Where the value of `__metadata__` begins.
    ///
    /// The name is looked for as bytes: headers have thousands of members before and behind it. A quote that opens a
    /// name follows on a brace or a comma, which no quote within a text does.
    private static func find(_ header: UnsafeRawBufferPointer) -> Int? {
        guard let finder else { return nil }
        var start = 0
        while let place = finder.find(in: header, from: start) {
            start = place + 1
            let before = header[..<place].last { $0 > 0x20 }
            guard before == UInt8(ascii: "{") || before == UInt8(ascii: ","), header[place + 2] == UInt8(ascii: "_"),
                header[place + 3] == UInt8(ascii: "m")
            else { continue }
            let behind = header[(place + finder.count)...]
            guard let colon = behind.firstIndex(where: { $0 > 0x20 }), header[colon] == UInt8(ascii: ":") else {
                continue
            }
            return colon + 1
        }
        return nil
    }
}
