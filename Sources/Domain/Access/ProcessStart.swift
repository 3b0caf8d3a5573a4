#if canImport(Glibc)
    import CGlibc
    import Glibc
#else
    import Darwin
#endif

/// Starts other programs, without a shell, so that they have nothing of this process but what they are given.
enum ProcessStart {
    /// Starts the program at a path and answers its process; throws a ``SystemError`` of the path.
    ///
    /// `descriptors` become its descriptors from 0 on; it has no others, but the first three of this process where fewer
    /// are given. `environment` is its whole environment, and this process's own when `nil`. It gets a process group of
    /// its own, blocks no signal and ignores none. The caller waits for its end (waitpid(2)).
    static func run(
        _ program: String,
        _ arguments: [String],
        descriptors: [Int32] = [],
        environment: [String]? = nil
    ) throws(SystemError) -> pid_t {
        var actions = posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        for (number, descriptor) in descriptors.enumerated() {
            posix_spawn_file_actions_adddup2(&actions, descriptor, Int32(number))
        }
        #if canImport(Glibc)
            // Not everything in this process opens its files and sockets so that they close by themselves, and a program
            // that outlives this one would keep its port.
            posix_spawn_file_actions_addclosefrom_np(&actions, Int32(max(3, descriptors.count)))
        #endif
        // What this process ignores or blocks the other one must not.
        var signals = sigset_t()
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        let flags = POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP
        posix_spawnattr_setflags(&attributes, Int16(flags))
        var words = copies([program] + arguments)
        var variables = copies(environment ?? [])
        defer { for text in words + variables { free(text) } }
        var process: pid_t = 0
        let code =
            if environment == nil {
                posix_spawn(&process, program, &actions, &attributes, &words, environ)
            } else {
                posix_spawn(&process, program, &actions, &attributes, &words, &variables)
            }
        guard code == 0 else { throw SystemError(code: code, action: program) }
        return process
    }

    /// Texts as C wants them, ended by a null; to be freed.
    private static func copies(_ texts: [String]) -> [UnsafeMutablePointer<CChar>?] {
        var copies: [UnsafeMutablePointer<CChar>?] = []
        for text in texts { copies.append(strdup(text)) }
        return copies + [nil]
    }
}
