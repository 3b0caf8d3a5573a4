package import Domain

/// What the routes of the dialect speak of.
package struct IIBServices: Sendable {
    /// What is known of the library's files.
    package var index: MediaIndex
    /// Lists, changes and packs files.
    package var files: FileOperations
    /// Which paths clients may name.
    package var access: PathAccess
    /// Small pictures of files.
    package var thumbnails: ThumbnailCache
    /// Opens things on the machine that the server runs on.
    package var desktop: Desktop
    /// Folders of the library that clients are not offered by themselves: the server's own.
    package var ownFolders: Set<String>
    /// Ends the server in order; called once.
    package var shutDown: @Sendable () -> Void

    /// Gathers what the routes need.
    package init(
        index: MediaIndex,
        files: FileOperations,
        access: PathAccess,
        thumbnails: ThumbnailCache,
        desktop: Desktop = Desktop(),
        ownFolders: Set<String> = [],
        shutDown: @escaping @Sendable () -> Void = {}
    ) {
        self.index = index
        self.files = files
        self.access = access
        self.thumbnails = thumbnails
        self.desktop = desktop
        self.ownFolders = ownFolders
        self.shutDown = shutDown
    }
}

extension IIBServices {
    /// The library's folders but the server's own, in the order in which they were added.
    func roots() async throws -> [String] {
        try await index.threads.run { [library = index.library] in try library.roots().map(\.path) }
            .filter { !ownFolders.contains($0) }
    }

    /// The absolute form of a path that a client named and may read.
    ///
    /// A relative one counts from the working directory. Throws ``IIBError/forbidden`` for any other path, whether
    /// anything is there or not.
    func readable(_ path: String) async throws -> String {
        let path = IIBPath.absolute(path)
        guard try await access.policy().mayRead(path) else { throw IIBError.forbidden }
        return path
    }

    /// The absolute forms of paths that a client named and may read all; throws as ``readable(_:)``.
    func readable(_ paths: [String]) async throws -> [String] {
        let policy = try await access.policy()
        return try paths.map { path in
            let path = IIBPath.absolute(path)
            guard policy.mayRead(path) else { throw IIBError.forbidden }
            return path
        }
    }

    /// The absolute form of a folder that a client named and may list: one that it may read, or on the way to one.
    ///
    /// Throws as ``readable(_:)``.
    func listable(_ path: String) async throws -> String {
        let path = IIBPath.absolute(path)
        guard try await access.policy().mayShow(path) else { throw IIBError.forbidden }
        return path
    }
}
