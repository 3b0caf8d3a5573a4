extension EXIFField.Rational {
    /// The quotient; not a number when the denominator is 0.
    package var quotient: Double { denominator == 0 ? .nan : Double(numerator) / Double(denominator) }
}

extension EXIFField.Value {
    /// The value when it is one number.
    package var number: Double? {
        switch self {
        case .integers(let values) where values.count == 1: Double(values[0])
        case .rationals(let values) where values.count == 1: values[0].quotient
        case .reals(let values) where values.count == 1: values[0]
        default: nil
        }
    }

    /// The value as Python would write it: a text plainly, bytes as a literal, several numbers in parentheses.
    ///
    /// A fraction is written as a decimal number, `nan` when its denominator is 0 (contracts/iib.md §3, `image_exif`).
    var pythonText: String {
        if case .text(let text) = self { return text }
        return pythonLiteral
    }

    /// The value as Python would write it inside a list: a text as a literal too.
    var pythonLiteral: String {
        switch self {
        case .text(let text): PythonLiteral.text(text)
        case .bytes(let bytes): PythonLiteral.bytes(bytes)
        case .integers(let values): Self.list(values.map { "\($0)" })
        case .rationals(let values): Self.list(values.map { "\($0.quotient)" })
        case .reals(let values): Self.list(values.map { "\($0)" })
        }
    }

    private static func list(_ values: [String]) -> String {
        values.count == 1 ? values[0] : "(" + values.joined(separator: ", ") + ")"
    }
}
