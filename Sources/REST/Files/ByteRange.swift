/// Which part of a file a request wants (RFC 9110 §14).
enum ByteRange: Hashable, Sendable {
    case whole
    case part(ClosedRange<Int>)
    /// No byte of the file is in what was asked for: 416.
    case unsatisfiable

    /// Reads the header `Range` for a file of `size` bytes.
    ///
    /// What is malformed, in another unit, or more than one range, is as if it were not there, as §14.2 allows.
    init(_ header: String?, size: Int) {
        guard let header, let equals = header.firstIndex(of: "="),
            header[..<equals].lowercased() == "bytes"
        else {
            self = .whole
            return
        }
        let spec = header[header.index(after: equals)...].trimmingBlanks()
        let ends = spec.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        guard ends.count == 2, let first = Self.number(ends[0]), let last = Self.number(ends[1]) else {
            self = .whole
            return
        }
        switch (first, last) {
        case (nil, nil): self = .whole
        case (nil, let length?):
            self = length > 0 && size > 0 ? .part(max(0, size - length)...size - 1) : .unsatisfiable
        case (let first?, nil): self = first < size ? .part(first...size - 1) : .unsatisfiable
        case (let first?, let last?):
            guard first <= last else {
                self = .whole
                return
            }
            self = first < size ? .part(first...min(last, size - 1)) : .unsatisfiable
        }
    }

    /// The number in some digits, no number in none; `nil` for anything else.
    ///
    /// What is too great counts as the greatest number.
    private static func number(_ text: Substring) -> Int?? {
        if text.isEmpty { return .some(nil) }
        guard text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else { return nil }
        return .some(Int(text) ?? .max)
    }
}

extension Substring {
    /// Without blanks and tabs around it (RFC 9110 §5.6.3, OWS).
    fileprivate func trimmingBlanks() -> Substring {
        var text = self.drop { $0 == " " || $0 == "\t" }
        while text.last == " " || text.last == "\t" { text.removeLast() }
        return text
    }
}
