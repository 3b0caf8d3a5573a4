/// The entries of a folder, in its order, and which of them can change without an event of the folder.
struct ListedEntries: Sendable {
    /// What has to be looked at each time: a folder, whose time changes with what lies in it; a link; a file that has other
    /// names; what is no regular file; and what could not be looked at.
    struct Loose: Sendable {
        var name: FolderNames.Name
        /// Where it stands among the entries that are shown, or would stand.
        var place: Int
        var isShown: Bool
    }

    private(set) var shown: [FileInfo] = []
    private(set) var loose: [Loose] = []

    /// How many there are, shown or not.
    var count: Int { shown.count + loose.reduce(0) { $0 + ($1.isShown ? 0 : 1) } }

    /// Appends what is known of a name, `nil` when it is not shown.
    mutating func append(_ info: FileInfo?, of name: FolderNames.Name, isLoose: Bool) {
        if isLoose { loose.append(Loose(name: name, place: shown.count, isShown: info != nil)) }
        if let info { shown.append(info) }
    }

    /// Appends what comes next in the folder.
    mutating func append(_ next: ListedEntries) {
        for var one in next.loose {
            one.place += shown.count
            loose.append(one)
        }
        shown += next.shown
    }

    /// The entries after another look at the loose ones, in their order; `nil` when nothing of them changed.
    func renewed(_ looks: [FileInfo?]) -> ListedEntries? {
        let isSame = zip(loose, looks).allSatisfy { one, look in
            guard one.isShown, let look else { return !one.isShown && look == nil }
            return shown[one.place].isSame(as: look)
        }
        if isSame { return nil }
        var new = ListedEntries()
        new.shown.reserveCapacity(shown.count + loose.count)
        var next = 0
        for (one, look) in zip(loose, looks) {
            new.shown += shown[next..<one.place]
            next = one.place + (one.isShown ? 1 : 0)
            new.append(look, of: one.name, isLoose: true)
        }
        new.shown += shown[next...]
        return new
    }
}
