#if canImport(Glibc)
    import CGlibc
    import Glibc
#else
    import Darwin
#endif

/// The file system of this machine.
struct DiskFileSystem: FileSystem {
    func node(_ path: String) throws(SystemError) -> FileNode? {
        var status = stat()
        if lstat(path, &status) == 0 { return FileNode(status) }
        if errno == ENOENT || errno == ENOTDIR { return nil }
        throw SystemError(code: errno, action: path)
    }

    func entries(in folder: String) throws(SystemError) -> (names: [String], areAll: Bool) {
        let handle = try FolderHandle(folder, lists: true)
        guard let stream = fdopendir(dup(handle.descriptor)) else { throw SystemError(code: errno, action: folder) }
        defer { closedir(stream) }
        var names: [String] = []
        var areAll = true
        while true {
            errno = 0
            guard let entry = readdir(stream) else {
                guard errno == 0 else { throw SystemError(code: errno, action: folder) }
                return (names, areAll)
            }
            guard let offset = MemoryLayout<dirent>.offset(of: \.d_name) else { return (names, false) }
            let name = UnsafeRawPointer(entry).advanced(by: offset).assumingMemoryBound(to: CChar.self)
            guard let text = String(validatingCString: name) else {
                areAll = false
                continue
            }
            if text != ".", text != ".." { names.append(text) }
        }
    }

    func rename(_ from: String, to: String) throws(SystemError) {
        let source = try FolderHandle(of: from)
        let target = try FolderHandle(of: to)
        let (old, new) = (FolderPath.name(of: from), FolderPath.name(of: to))
        #if canImport(Glibc)
            let result = renameat2(
                source.descriptor,
                old,
                target.descriptor,
                new,
                UInt32(CGLIBC_RENAME_NOREPLACE)
            )
            let refusals = [EINVAL, ENOSYS, EOPNOTSUPP]
        #else
            let result = renameatx_np(source.descriptor, old, target.descriptor, new, UInt32(RENAME_EXCL))
            let refusals = [EINVAL, ENOTSUP]
        #endif
        if result == 0 { return }
        let code = errno
        guard refusals.contains(code) else { throw SystemError(code: code, action: code == EEXIST ? to : from) }
        try renameByLink(source, old, target, new, from: from, to: to)
    }

    /// Renames on file systems that cannot refuse to replace.
    ///
    /// A file gets a second name, which cannot replace anything either, and then the first one goes. Folders have no second name; they are looked for before, which leaves a gap.
    private func renameByLink(
        _ source: borrowing FolderHandle,
        _ old: String,
        _ target: borrowing FolderHandle,
        _ new: String,
        from: String,
        to: String
    ) throws(SystemError) {
        guard try target.node(new, path: to) == nil else { throw SystemError(code: EEXIST, action: to) }
        if try source.node(old, path: from)?.kind == .file,
            linkat(source.descriptor, old, target.descriptor, new, 0) == 0
        {
            guard unlinkat(source.descriptor, old, 0) == 0 else {
                let code = errno
                unlinkat(target.descriptor, new, 0)
                throw SystemError(code: code, action: from)
            }
            return
        }
        guard renameat(source.descriptor, old, target.descriptor, new) == 0 else {
            throw SystemError(code: errno, action: from)
        }
    }

    func removeFile(_ path: String) throws(SystemError) {
        let folder = try FolderHandle(of: path)
        guard unlinkat(folder.descriptor, FolderPath.name(of: path), 0) == 0 else {
            throw SystemError(code: errno, action: path)
        }
    }

    func removeFolder(_ path: String) throws(SystemError) {
        let folder = try FolderHandle(of: path)
        guard unlinkat(folder.descriptor, FolderPath.name(of: path), AT_REMOVEDIR) == 0 else {
            throw SystemError(code: errno, action: path)
        }
    }

    func makeFolder(_ path: String) throws(SystemError) {
        let folder = try FolderHandle(of: path)
        guard mkdirat(folder.descriptor, FolderPath.name(of: path), 0o755) == 0 else {
            throw SystemError(code: errno, action: path)
        }
    }

    func copyLink(_ from: String, to: String) throws(SystemError) {
        let source = try FolderHandle(of: from)
        let target = try FolderHandle(of: to)
        var text = [CChar](repeating: 0, count: 4097)
        let length = readlinkat(source.descriptor, FolderPath.name(of: from), &text, 4096)
        guard length >= 0 else { throw SystemError(code: errno, action: from) }
        guard symlinkat(text, target.descriptor, FolderPath.name(of: to)) == 0 else {
            throw SystemError(code: errno, action: to)
        }
    }

    func copyAttributes(_ from: String, to: String) throws(SystemError) {
        let source = try FolderHandle(from, lists: true)
        let target = try FolderHandle(to, lists: true)
        var status = stat()
        guard fstat(source.descriptor, &status) == 0 else { throw SystemError(code: errno, action: from) }
        try FileCopy.setAttributes(of: target.descriptor, to: status, path: to)
    }

    func flush(_ folder: String) throws(SystemError) {
        let handle = try FolderHandle(folder, lists: true)
        guard fsync(handle.descriptor) == 0 || errno == EINVAL || errno == EROFS else {
            throw SystemError(code: errno, action: folder)
        }
    }
}
