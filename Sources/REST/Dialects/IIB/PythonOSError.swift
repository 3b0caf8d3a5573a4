import Domain

/// Errors of the operating system in the words of Python, which clients show to people, and some read.
enum PythonOSError {
    /// The number, the system's words, and the path in quotes: `[Errno 2] No such file or directory: '/p'`.
    static func text(_ error: SystemError) -> String {
        "[Errno \(error.code)] \(SystemError.text(error.code)): \(quoted(error.action))"
    }

    /// A text in quotes as Python's `repr` writes it: double ones only around single ones, and escapes for what cannot
    /// be printed.
    static func quoted(_ text: String) -> String {
        let hasSingle = text.unicodeScalars.contains("'")
        let quote: Unicode.Scalar = hasSingle && !text.unicodeScalars.contains("\"") ? "\"" : "'"
        var result = String.UnicodeScalarView([quote])
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": result += "\\\\".unicodeScalars
            case "\n": result += "\\n".unicodeScalars
            case "\r": result += "\\r".unicodeScalars
            case "\t": result += "\\t".unicodeScalars
            case quote: result += "\\\(scalar)".unicodeScalars
            default:
                if isPrintable(scalar) { result.append(scalar) } else { result += escaped(scalar).unicodeScalars }
            }
        }
        result.append(quote)
        return String(result)
    }

    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return (0x20...0x7E).contains(scalar.value) }
        return switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator,
            .spaceSeparator:
            false
        default: true
        }
    }

    private static func escaped(_ scalar: Unicode.Scalar) -> String {
        let (letter, width) =
            scalar.value < 0x100 ? ("x", 2) : scalar.value < 0x1_0000 ? ("u", 4) : ("U", 8)
        let digits = String(scalar.value, radix: 16)
        return "\\\(letter)\(String(repeating: "0", count: max(0, width - digits.count)))\(digits)"
    }
}
