import Domain
import Foundation

extension ServerConfiguration {
    /// Checks who could reach the server: a host that is not loopback needs a token, or `insecure` (DESIGN §6), and
    /// certificate and key come together and can be read.
    ///
    /// Throws ``ConfigurationError`` for the first rule that is broken.
    func checkAccess() throws(ConfigurationError) {
        guard IPAddress.isLoopback(host) || needsToken || insecure else {
            throw complaint(
                "host",
                "\(host) can be reached from other machines: set a token (--token ROLE:TOKEN), "
                    + "or say --insecure to let everyone in"
            )
        }
        guard (tlsCertificate == nil) == (tlsKey == nil) else {
            let (given, missing) = tlsKey == nil ? ("tls-cert", "tls-key") : ("tls-key", "tls-cert")
            throw ConfigurationError("--\(given) is set without --\(missing): TLS needs both")
        }
        for (name, path) in [("tls-cert", tlsCertificate), ("tls-key", tlsKey)] {
            guard let path else { continue }
            guard FileManager.default.isReadableFile(atPath: path), !Self.isFolder(path) else {
                throw complaint(name, "\(path) is not a file that can be read")
            }
        }
    }

    /// Checks that what Celery runs can get there, and that its tasks know whom to report to.
    ///
    /// Throws ``ConfigurationError`` for the first rule that is broken.
    func checkCelery() throws(ConfigurationError) {
        guard !celery.isEmpty else { return }
        guard redis != nil else { throw ConfigurationError("--celery is set without --redis") }
        let reports = celery.contains { $0.arguments == .vframe }
        guard !reports || taskEndpoint != nil || port != 0 else {
            throw ConfigurationError("--port 0 leaves open where tasks on Celery report to: set --task-endpoint")
        }
    }

    /// Checks that the folders that were named are there, and that the one of a client has its page.
    ///
    /// A library that is missing stops the start: taken as empty, all its pictures would count as removed.
    /// Throws ``ConfigurationError`` for the first that is no folder.
    func checkFolders() throws(ConfigurationError) {
        for folder in libraries where !Self.isFolder(folder) {
            throw complaint("library", "\(folder) is not a folder")
        }
        if let trash = trashFolder.map(FolderArgument.absolute),
            let folder = libraries.first(where: { Self.holds(trash, FolderArgument.absolute($0)) })
        {
            throw complaint("trash", "\(trash) holds the library folder \(folder)")
        }
        for (name, path) in [
            ("web-dir", webFolder), ("seeds-dir", seedsFolder), ("iib-client", iibClient), ("legacy-dir", legacyFolder),
        ] {
            guard let path, !Self.isFolder(path) else { continue }
            throw complaint(name, "\(path) is not a folder")
        }
        if let iibClient, !FileManager.default.isReadableFile(atPath: iibClient + "/index.html") {
            throw complaint("iib-client", "\(iibClient) holds no index.html that can be read: it is no built client")
        }
    }

    /// Whether a folder is another, or one above it, as both are written or with their links followed.
    private static func holds(_ outer: String, _ inner: String) -> Bool {
        let real = [outer, inner].map { (try? FolderPath.resolved($0)) ?? $0 }
        return FolderPath.relative(inner, to: outer) != nil || FolderPath.relative(real[1], to: real[0]) != nil
    }

    /// Makes sure that the data folder is there, parents included, and only for its owner when it is new.
    ///
    /// Throws ``ConfigurationError`` when it cannot be created, or is a file.
    func createDataFolder() throws(ConfigurationError) {
        guard !Self.isFolder(dataFolder) else { return }
        do {
            try FileManager.default.createDirectory(
                atPath: dataFolder,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
        } catch {
            throw complaint("data-dir", "\(dataFolder) cannot be created: \(error.localizedDescription)")
        }
    }

    /// Makes sure that the folder for deleted files is there, parents included; answers its path without links in it, or
    /// `nil` when none is set.
    ///
    /// Throws ``ConfigurationError`` when it cannot be created, or is a file.
    func createTrashFolder() throws(ConfigurationError) -> String? {
        guard let path = trashFolder.map(FolderArgument.absolute) else { return nil }
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            throw complaint("trash", "\(path) cannot be created: \(error.localizedDescription)")
        }
        return URL(fileURLWithPath: path).resolvingSymlinksInPath().path
    }

    /// An error about a setting, which names where its value came from.
    func complaint(_ name: String, _ message: String) -> ConfigurationError {
        ConfigurationError(origins[name], message)
    }

    /// Whether there is a folder at `path`.
    static func isFolder(_ path: String) -> Bool {
        var isDirectory: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) && isDirectory.boolValue
    }
}
