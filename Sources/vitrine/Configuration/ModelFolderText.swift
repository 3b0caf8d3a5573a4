import Domain

/// A type of models and a word about it, as people write it: `loras=/models/loras`.
struct ModelFolderText: Hashable, CustomStringConvertible, Sendable {
    var type: String
    /// A folder, or a suffix in lower case without its dot.
    var value: String

    /// What a good folder and a good suffix look like, for the help and for errors.
    static let folderForm = "TYPE=DIR, with TYPE 1 to 64 of A-Z a-z 0-9 . _ -"
    static let suffixForm = "TYPE=SUFFIX, with SUFFIX 1 to 16 of a-z 0-9 _"

    /// The text of both, as it is written on the command line.
    var description: String { "\(type)=\(value)" }

    /// A type and its folder; `nil` when the text is neither.
    static func folder(_ text: String) -> ModelFolderText? {
        split(text).flatMap { Setting<ServerConfiguration>.pathText($0.value) == nil ? nil : $0 }
    }

    /// A type and a suffix of its files, which may be written with its dot and in capitals; `nil` when the text is neither.
    static func suffix(_ text: String) -> ModelFolderText? {
        guard var text = split(text) else { return nil }
        if text.value.hasPrefix(".") { text.value.removeFirst() }
        text.value = text.value.lowercased()
        let isGood = text.value.utf8.allSatisfy { byte in
            "abcdefghijklmnopqrstuvwxyz0123456789_".utf8.contains(byte)
        }
        return isGood && (1...16).contains(text.value.utf8.count) ? text : nil
    }

    private static func split(_ text: String) -> ModelFolderText? {
        guard let equals = text.firstIndex(of: "=") else { return nil }
        let type = String(text[..<equals])
        // A type is a folder's name, too; `others` stands for the models of no type.
        guard (1...64).contains(type.utf8.count), !type.hasPrefix("."), type.lowercased() != "others",
            type.utf8.allSatisfy({ Self.letters.contains($0) })
        else { return nil }
        return ModelFolderText(type: type, value: String(text[equals...].dropFirst()))
    }

    private static let letters = Set(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-".utf8
    )
}
