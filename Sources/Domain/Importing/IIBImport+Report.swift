extension IIBImport.Report {
    /// How many names of each kind are listed; the rest is counted.
    private static let listed = 20

    /// The report in words, a line a subject.
    package var lines: [String] {
        var lines = [
            "\(folders) folders, \(settings) settings, \(tags) tags given to files \(links) times, \(texts) edited texts"
        ]
        lines += Self.list(missingFolders, "folders are no longer there")
        lines += Self.list(refused, "could not be taken over")
        lines += Self.list(missingFiles, "files are gone or lie in no folder of the library")
        return lines
    }

    private static func list(_ names: [String], _ what: String) -> [String] {
        guard !names.isEmpty else { return [] }
        var lines = ["\(names.count) \(what):"] + names.prefix(listed).map { "  \($0)" }
        if names.count > listed { lines.append("  and \(names.count - listed) more") }
        return lines
    }
}
