/// Takes a `multipart/form-data` body apart as its bytes come, without reading or keeping anything itself
/// (RFC 7578; RFC 2046 §5.1).
///
///     preamble CRLF
///     --boundary CRLF            the first may stand at the very beginning
///     Content-Disposition: form-data; name="image"; filename="a.png" CRLF
///     CRLF
///     content CRLF
///     --boundary-- epilogue
///
/// However the bytes are cut, the same parts with the same content come out; only ``Event/bytes(_:)`` follow the cuts.
/// No more than a boundary or a head is held back. After a failure it must not be fed again.
struct MultipartParser: Sendable {
    /// What comes out.
    enum Event: Hashable, Sendable {
        /// A part begins.
        case part(MultipartHead)
        /// More of the part's content; never empty.
        case bytes(ArraySlice<UInt8>)
        /// The part is whole.
        case partEnd
    }

    /// The greatest head of a part, in bytes.
    static let headLimit = 16 * 1024
    /// The greatest number of parts.
    static let partLimit = 64
    /// The greatest number of blanks between a boundary and the end of its line.
    private static let paddingLimit = 256
    private static let lineEnd: [UInt8] = [13, 10]

    private enum State {
        case preamble
        /// Behind a boundary: the end of its line, or `--` after the last one.
        case boundary
        case head
        case content
        /// Everything behind the last boundary is thrown away.
        case epilogue
    }

    /// CRLF, two dashes and the boundary.
    private let delimiter: [UInt8]
    private var state = State.preamble
    /// What has come and is not dealt with yet.
    ///
    /// The first boundary needs no line before it, so an end of one is put here.
    private var rest = Self.lineEnd
    /// How far ``rest`` has been searched for the end of a head.
    private var searched = 0
    private var parts = 0

    /// A parser for bodies with this boundary; `nil` when none can look so.
    init?(boundary: String) {
        let bytes = Array(boundary.utf8)
        guard (1...70).contains(bytes.count), bytes.last != UInt8(ascii: " "),
            bytes.allSatisfy({ 0x20..<0x7F ~= $0 })
        else { return nil }
        delimiter = Self.lineEnd + Array("--".utf8) + bytes
    }

    /// Whether the last boundary has been read; a body that ends before is cut off.
    var isWhole: Bool { state == .epilogue }

    /// Takes more of the body and returns what it brings.
    mutating func feed(_ bytes: some Collection<UInt8>) throws(MultipartFailure) -> [Event] {
        if state == .epilogue { return [] }
        rest.append(contentsOf: bytes)
        var events: [Event] = []
        var position = 0
        while try step(&position, &events) {}
        rest.removeFirst(position)
        searched = max(0, searched - position)
        return events
    }

    /// Reads on from a position in ``rest``; `false` when that needs more bytes.
    private mutating func step(_ position: inout Int, _ events: inout [Event]) throws(MultipartFailure) -> Bool {
        switch state {
        case .preamble, .content:
            let isContent = state == .content
            let (end, isFound) = delimiter(from: position)
            if isContent, end > position { events.append(.bytes(rest[position..<end])) }
            position = end
            guard isFound else { return false }
            if isContent { events.append(.partEnd) }
            position += delimiter.count
            state = .boundary
        case .boundary: return try boundary(&position)
        case .head: return try head(&position, &events)
        case .epilogue: return false
        }
        return true
    }

    private mutating func boundary(_ position: inout Int) throws(MultipartFailure) -> Bool {
        guard rest.count - position >= 2 else { return false }
        if rest[position..<position + 2] == [45, 45] {
            position = rest.count
            state = .epilogue
            return false
        }
        let end = position + rest[position...].prefix { $0 == 32 || $0 == 9 }.count
        guard end - position <= Self.paddingLimit else { throw .malformed }
        guard rest.count - end >= 2 else { return false }
        guard rest[end..<end + 2].elementsEqual(Self.lineEnd) else { throw .malformed }
        parts += 1
        guard parts <= Self.partLimit else { throw .tooManyParts }
        // The end of the line stays: so a head of no lines ends as others do, with two ends of lines.
        position = end
        searched = end
        state = .head
        return true
    }

    private mutating func head(_ position: inout Int, _ events: inout [Event]) throws(MultipartFailure) -> Bool {
        while searched + 4 <= rest.count, rest[searched..<searched + 4] != [13, 10, 13, 10] { searched += 1 }
        guard searched - position <= Self.headLimit else { throw .headTooLarge }
        guard searched + 4 <= rest.count else { return false }
        guard let head = MultipartHead(lines: rest[position..<searched]) else { throw .malformed }
        events.append(.part(head))
        position = searched + 4
        state = .content
        return true
    }

    /// Where the next delimiter begins, or from where on bytes may belong to one that has not come whole.
    private func delimiter(from start: Int) -> (start: Int, isFound: Bool) {
        rest.withUnsafeBufferPointer { rest in
            var index = start
            while let next = rest[index...].firstIndex(of: 13) {
                let length = min(delimiter.count, rest.count - next)
                if rest[next..<next + length].elementsEqual(delimiter[..<length]) {
                    return (next, length == delimiter.count)
                }
                index = next + 1
            }
            return (rest.count, false)
        }
    }
}
