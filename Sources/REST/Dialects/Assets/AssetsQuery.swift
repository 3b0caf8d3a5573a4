/// The scalar parameters of a query of the assets API, read one by one; what is wrong is gathered and told at once
/// (contracts/comfy-assets.md §1.9).
///
/// Each may stand once. Unknown ones are ignored.
struct AssetsQuery {
    private let members: QueryMembers
    private var faults: [AssetsError.Fault] = []

    init(_ members: QueryMembers) {
        self.members = members
    }

    /// Throws ``AssetsError`` `INVALID_QUERY` when anything was wrong.
    func check() throws(AssetsError) {
        guard faults.isEmpty else { throw .invalidQuery(faults) }
    }

    /// A text of so many characters after blanks around it are cut; `nil` when it is not given.
    mutating func text(_ name: String, lengths: ClosedRange<Int>) -> String? {
        guard let value = single(name) else { return nil }
        let text = BlankTrimming.trimmed(value)
        guard lengths.contains(text.unicodeScalars.count) else {
            fault("string_length", name, "must have \(lengths.lowerBound) to \(lengths.upperBound) characters", value)
            return nil
        }
        return text
    }

    /// A number of decimal digits.
    mutating func integer(_ name: String, in range: ClosedRange<Int>, default number: Int) -> Int {
        guard let value = single(name) else { return number }
        let text = BlankTrimming.trimmed(value)
        guard !text.isEmpty, text.utf8.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }) else {
            fault("int_parsing", name, "must be an integer", value)
            return number
        }
        guard let read = Int(text), range.contains(read) else {
            fault("int_range", name, "must be from \(range.lowerBound) to \(range.upperBound)", value)
            return number
        }
        return read
    }

    /// One of the contract's words for yes and no, in any case.
    mutating func boolean(_ name: String, default isTrue: Bool) -> Bool {
        guard let value = single(name) else { return isTrue }
        switch BlankTrimming.trimmed(value).lowercased() {
        case "true", "1", "yes", "on", "t", "y": return true
        case "false", "0", "no", "off", "f", "n": return false
        default:
            fault("bool_parsing", name, "must be true or false", value)
            return isTrue
        }
    }

    /// One of some words, written exactly so.
    mutating func word<Word: RawRepresentable & CaseIterable>(
        _ name: String,
        default word: Word
    ) -> Word where Word.RawValue == String {
        guard let value = single(name) else { return word }
        guard let read = Word(rawValue: value) else {
            let known = Word.allCases.map(\.rawValue).joined(separator: ", ")
            fault("enum", name, "must be one of \(known)", value)
            return word
        }
        return read
    }

    private mutating func single(_ name: String) -> String? {
        let values = members[all: name]
        if values.count > 1 { fault("repeated", name, "must stand once", values[1]) }
        return values.first
    }

    private mutating func fault(_ type: String, _ name: String, _ message: String, _ input: String) {
        faults.append(AssetsError.Fault(type: type, name: name, message: message, input: input))
    }
}
