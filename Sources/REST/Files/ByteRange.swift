/// Which part of a file a request wants (RFC 9110 §14).
enum ByteRange: Hashable, Sendable {
    case whole
    case part(ClosedRange<Int>)
    /// No byte of the file is in what was asked for: 416.
    case unsatisfiable

    /// Reads the header `Range` for a file of `size` bytes.
    ///
    /// What is malformed, in another unit, or more than one range, is as if it were not there, as §14.2 allows. With
    /// `takesFirst`, of several ranges the first that has a byte of the file stands for all, as §15.3.7 allows.
    init(_ header: String?, size: Int, takesFirst: Bool = false) {
        self = .whole
        guard let header, let equals = header.firstIndex(of: "="), header[..<equals].lowercased() == "bytes" else {
            return
        }
        let list = header[header.index(after: equals)...]
        let specs = takesFirst ? list.split(separator: ",", omittingEmptySubsequences: false) : [list]
        var found: ByteRange?
        for spec in specs {
            guard let range = Self.range(spec.trimmingBlanks(), size: size) else { return }
            if found == nil || found == .unsatisfiable { found = range }
        }
        if let found { self = found }
    }

    /// One range; `nil` when it is malformed.
    private static func range(_ spec: Substring, size: Int) -> ByteRange? {
        let ends = spec.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        guard ends.count == 2, let first = number(ends[0]), let last = number(ends[1]) else { return nil }
        switch (first, last) {
        case (nil, nil): return nil
        case (nil, let length?):
            return length > 0 && size > 0 ? .part(max(0, size - length)...size - 1) : .unsatisfiable
        case (let first?, nil): return first < size ? .part(first...size - 1) : .unsatisfiable
        case (let first?, let last?):
            guard first <= last else { return nil }
            return first < size ? .part(first...min(last, size - 1)) : .unsatisfiable
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
