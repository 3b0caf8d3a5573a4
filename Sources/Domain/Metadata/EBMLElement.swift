/// The header of one element of EBML (RFC 8794 §4-6), of which Matroska and WebM are made.
struct EBMLElement {
    /// Its ID with the bits that tell its length.
    var id: Int
    /// Where its content lies; an element of unknown length goes on to the end of the one it stands in.
    var body: Range<Int>
    var isLengthKnown: Bool

    /// The element at `offset` in one that ends at `end`; `nil` when there is none, or it goes on behind that.
    init?(_ source: inout ByteSource, at offset: Int, end: Int) {
        guard offset < end, let first = source.byte(offset), first >= 0x10 else { return nil }
        let idLength = first.leadingZeroBitCount + 1
        guard let id = source.big(offset, idLength), let second = source.byte(offset + idLength), second > 0 else {
            return nil
        }
        let sizeLength = second.leadingZeroBitCount + 1
        let sizeOffset = offset + idLength
        guard let bits = sizeLength == 8 ? source.big64(sizeOffset) : source.big(sizeOffset, sizeLength) else {
            return nil
        }
        let mask = (1 << (7 * sizeLength)) - 1
        let size = bits & mask
        let start = sizeOffset + sizeLength
        guard start <= end else { return nil }
        isLengthKnown = size != mask
        guard !isLengthKnown || size <= end - start else { return nil }
        self.id = id
        body = start..<(isLengthKnown ? start + size : end)
    }

    /// The content as an unsigned number; none is 0, and one of more than 8 bytes is `nil`.
    func unsigned(_ source: inout ByteSource) -> Int? {
        switch body.count {
        case 0: 0
        case 1...7: source.big(body.lowerBound, body.count)
        case 8: source.big64(body.lowerBound)
        default: nil
        }
    }

    /// The content as a floating-point number of 4 or 8 bytes.
    func real(_ source: inout ByteSource) -> Double? {
        switch body.count {
        case 4: source.big(body.lowerBound, 4).map { Double(Float(bitPattern: UInt32($0))) }
        case 8:
            source.withBytes(body.lowerBound, 8) { bytes in
                Double(bitPattern: bytes.reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
            }
        default: nil
        }
    }
}
