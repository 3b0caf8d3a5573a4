#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// How many files and sockets this process may have open.
enum FileLimit {
    /// Raises the limit as far as the system lets this process, and returns what it is then.
    ///
    /// When the limit cannot be raised it stays, and is returned; when it cannot even be read, 1,024.
    static func raise() -> Int {
        var limit = rlimit()
        guard getrlimit(resource, &limit) == 0 else { return 1_024 }
        guard limit.rlim_cur < limit.rlim_max else { return Int(clamping: limit.rlim_cur) }
        var raised = limit
        raised.rlim_cur = limit.rlim_max
        guard setrlimit(resource, &raised) == 0 else { return Int(clamping: limit.rlim_cur) }
        return Int(clamping: raised.rlim_cur)
    }

    /// How many connections fit under a limit: some files stay for the database, pictures, and plain HTTP.
    static func connections(under limit: Int) -> Int {
        max(1, limit - min(512, limit / 4))
    }

    /// How many TCP connections of any kind fit under a limit; the files that are left cannot be used up from outside.
    static func sockets(under limit: Int) -> Int {
        max(1, limit - min(256, limit / 8))
    }

    #if canImport(Glibc)
        private static let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    #else
        private static let resource = RLIMIT_NOFILE
    #endif
}

extension ServerConfiguration {
    /// Lowers ``maxConnections`` to what fits under the limit of open files (contracts/realtime.md §8, first row).
    ///
    /// Returns what the log should say about it, or `nil` when all fit.
    mutating func fitConnections(underFileLimit limit: Int) -> String? {
        maxSockets = FileLimit.sockets(under: limit)
        let fitting = FileLimit.connections(under: limit)
        guard maxConnections > fitting else { return nil }
        let wanted = maxConnections
        maxConnections = fitting
        return "max-connections lowered from \(wanted) to \(fitting): this process may open \(limit) files"
    }
}
