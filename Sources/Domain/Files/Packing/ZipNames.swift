/// Gives the files of an archive their names, no two the same.
struct ZipNames {
    private var taken: Set<String> = []

    /// The base name of a path, with a number before the suffix when another file has it already: `a (2).png`.
    ///
    /// Names that differ only in case, or in how a letter with a mark is written, count as the same: not everyone's
    /// file system tells them apart.
    mutating func name(for path: String) -> String {
        let base = FolderPath.name(of: path)
        var name = base
        var number = 1
        while !taken.insert(name.lowercased()).inserted {
            number += 1
            name = FileName.numbered(base, number)
        }
        return name
    }
}
