extension AutoTags {
    /// Whether a tag may have this name (contracts/iib.md §5).
    ///
    /// Refused are an empty one, one of more than eight words and more than forty characters, one of more than twelve
    /// that begins with a Chinese one, and one with U+0000 in it.
    package static func accepts(_ name: String) -> Bool {
        guard let first = name.utf8.first, !name.utf8.contains(0) else { return false }
        let bytes = name.utf8.count
        guard bytes > 12 else { return true }
        // U+4E00 starts with E4, U+9FFF with E9.
        if first >= 0xE4, first <= 0xE9, let scalar = name.unicodeScalars.first, scalar.value >= 0x4E00,
            scalar.value <= 0x9FFF, name.unicodeScalars.count > 12
        {
            return false
        }
        guard bytes > 40, name.unicodeScalars.count > 40 else { return true }
        return words(name) <= 8
    }

    private static func words(_ name: String) -> Int {
        var (count, isInside) = (0, false)
        for byte in name.utf8 {
            let isBlank = TextBytes.isBlank(byte)
            if !isBlank, !isInside { count += 1 }
            isInside = !isBlank
        }
        return count
    }
}
