extension FileOperations {
    /// Prepares an archive of files, each under its base name; those that share one get numbers.
    ///
    /// A file that is named twice is packed once. All is judged before the first byte: throws
    /// ``FileError/forbidden(_:)``, ``FileError/notFile(_:)``, ``FileError/tooMuch(files:bytes:)``.
    package func pack(_ paths: [String], isDeflated: Bool, policy: PathPolicy) async throws -> ZipStream {
        try await threads.run { [self] in
            for path in paths where !policy.mayRead(path) { throw FileError.forbidden(path) }
            var names = ZipNames()
            var seen: Set<[UInt8]> = []
            var items: [ZipStream.Item] = []
            var bytes = 0
            for path in paths {
                guard let real = try? FolderPath.resolved(path), let node = try files.node(real), node.kind == .file,
                    FolderPath.name(of: path).utf8.count <= 0xFFFF
                else { throw FileError.notFile(path) }
                guard seen.insert(Array(real.utf8)).inserted else { continue }
                bytes += node.size
                guard items.count < packing.files, bytes <= packing.bytes else {
                    throw FileError.tooMuch(files: seen.count, bytes: bytes)
                }
                items.append(ZipStream.Item(path: real, name: names.name(for: path), node: node))
            }
            return ZipStream(items, isDeflated: isDeflated, threads: threads)
        }
    }

    /// Writes an archive to the folder of the data directory that is for that; answers its path.
    ///
    /// The newest are kept, for some days. Throws ``FileError``.
    package func keep(_ archive: ZipStream) async throws -> String {
        guard let archives else { throw FileError.missingFolder("exports") }
        return try await threads.run { [self] in try archives.keep(archive, now: library.clock.now) }
    }
}
