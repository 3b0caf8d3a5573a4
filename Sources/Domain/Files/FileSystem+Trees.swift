#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

extension FileSystem {
    /// The names in a folder, in no order; throws `EILSEQ` for one that is not UTF-8.
    func names(in folder: String) throws(SystemError) -> [String] {
        let entries = try entries(in: folder)
        guard entries.areAll else { throw SystemError(code: EILSEQ, action: folder) }
        return entries.names
    }

    /// Copies a file, a link or a folder with all below to a path where nothing is, and waits until it is on the disk.
    ///
    /// Throws `EINVAL` for a pipe, a socket or a device. What was copied is there when this fails.
    func copyTree(_ from: String, to: String) throws(SystemError) {
        var waiting: [String] = []
        try copyTree(from, to: to, waiting: &waiting)
        try flushAll(waiting)
    }

    /// As ``copyTree(_:to:)``, but the last files are only `waiting` to be on the disk, for who copies more.
    func copyTree(_ from: String, to: String, waiting: inout [String]) throws(SystemError) {
        guard let node = try node(from) else { throw SystemError(code: ENOENT, action: from) }
        switch node.kind {
        case .file:
            try copyFile(from, to: to)
            waiting.append(to)
            guard waiting.count >= Self.mostWaiting else { return }
            try flushAll(waiting)
            waiting = []
        case .link: try copyLink(from, to: to)
        case .other: throw SystemError(code: EINVAL, action: from)
        case .folder:
            try makeFolder(to)
            for name in try names(in: from) {
                try copyTree(FolderPath.joined(from, name), to: FolderPath.joined(to, name), waiting: &waiting)
            }
            try flush(to)
            try copyAttributes(from, to: to)
        }
    }

    private func flushAll(_ paths: [String]) throws(SystemError) {
        for error in flushFiles(paths) { if let error { throw error } }
    }

    /// Removes a file, a link or a folder with all below; one that is not there is fine.
    func removeTree(_ path: String) throws(SystemError) {
        guard let node = try node(path) else { return }
        guard node.kind == .folder else { return try removeFile(path) }
        for name in try names(in: path) { try removeTree(FolderPath.joined(path, name)) }
        try removeFolder(path)
    }

    /// Throws `ESTALE` unless everything that lies at `original` is in the copy: of the same kinds, sizes and times.
    ///
    /// Times may differ by less than two seconds, which is how coarse some file systems keep them.
    func checkCopy(_ copy: String, of original: String) throws(SystemError) {
        guard let left = try node(original) else { return }
        guard let right = try node(copy), left.kind == right.kind else {
            throw SystemError(code: ESTALE, action: original)
        }
        switch left.kind {
        case .folder:
            for name in try names(in: original) {
                try checkCopy(FolderPath.joined(copy, name), of: FolderPath.joined(original, name))
            }
        case .file:
            guard left.size == right.size, FileTime.areNear(left.modified, right.modified) else {
                throw SystemError(code: ESTALE, action: original)
            }
        case .link, .other: break
        }
    }

    /// Makes a folder and those above it; one that is there already is fine.
    func makeFolders(_ path: String) throws(SystemError) {
        do {
            try makeFolder(path)
        } catch  where error.code == ENOENT && path != "/" {
            try makeFolders(FolderPath.folder(of: path))
            try makeFolders(path)
        } catch  where error.code == EEXIST {
            guard try node(path)?.kind == .folder else { throw error }
        }
    }
}
