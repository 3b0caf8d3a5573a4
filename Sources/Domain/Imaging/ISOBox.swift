/// The header of one box of an ISO base media file (ISO/IEC 14496-12 §4.2).
struct ISOBox {
    /// The four characters of its type as one big-endian number.
    var type: Int
    /// Where its content lies.
    var body: Range<Int>
    /// Where the next box begins.
    var next: Int { body.upperBound }

    /// The box at `offset` in a box or file that ends at `end`; `nil` when it does not fit or is no box.
    init?(_ source: inout ByteSource, at offset: Int, end: Int) {
        guard offset <= end - 8, let short = source.big(offset, 4), let type = source.big(offset + 4, 4) else {
            return nil
        }
        var start = offset + 8
        var length = short
        if short == 1 {
            guard let long = source.big64(offset + 8) else { return nil }
            length = long
            start += 8
        } else if short == 0 {
            length = end - offset
        }
        guard length >= start - offset, length <= end - offset else { return nil }
        self.type = type
        body = start..<offset + length
    }
}
