/// The folders that the server keeps for itself, wherever they lie: its data, and the trash.
struct OwnFolders: Sendable {
    /// The data directory; `nil` when there is none.
    private let data: String?
    /// Those folders of the data directory that belong to the library.
    private let open: [String]
    /// Folders that never belong to the library.
    private let closed: [String]
    /// Where deleted files go; `nil` when they go for good.
    let trash: String?

    /// The folders of a data directory and a trash; `excluded` are those that scans leave out.
    init(data: DataDirectory? = nil, trash: String? = nil, excluded: Set<String> = []) {
        self.data = data?.path
        open = data?.libraryFolders ?? []
        self.trash = trash.flatMap { try? FolderPath.resolved($0) }
        let trash = self.trash
        closed = excluded.filter { $0 != trash }.sorted()
    }

    /// Whether a path may be changed: it is none of these folders, lies not in one, and has none in it.
    ///
    /// What lies in the trash may be taken out of it.
    func mayChange(_ path: String) -> Bool {
        let holds = ([data, trash].compactMap(\.self) + open + closed).contains {
            FolderPath.relative($0, to: path) != nil
        }
        return !holds && !isInside(path)
    }

    /// Whether something may be put into a folder.
    func mayFill(_ folder: String) -> Bool { !isInside(folder) && !isInTrash(folder) }

    /// Whether a path is the trash or lies in it.
    func isInTrash(_ path: String) -> Bool { trash.map { FolderPath.relative(path, to: $0) != nil } ?? false }

    private func isInside(_ path: String) -> Bool {
        if closed.contains(where: { FolderPath.relative(path, to: $0) != nil }) { return true }
        guard let data, FolderPath.relative(path, to: data) != nil else { return false }
        return !open.contains { FolderPath.relative(path, to: $0) != nil } && !isInTrash(path)
    }
}
