#if canImport(Glibc)
    import CGlibc
    import Glibc
#else
    import Darwin
#endif

/// The desktop of the machine that the server runs on: opens folders and files with its programs.
package struct Desktop: Sendable {
    /// Why nothing was opened.
    package enum Failure: Error, Hashable, Sendable {
        /// The machine has no program for it, as servers without a desktop do.
        case noProgram
        /// The program could not be started; a code of `errno`.
        case system(Int32)
    }

    /// What the machine calls its system: `Linux-6.1.0-x86_64`.
    package static var platform: String {
        var names = utsname()
        guard uname(&names) == 0 else { return "unknown" }
        func text<Name>(_ name: Name) -> String {
            withUnsafeBytes(of: name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        }
        return "\(text(names.sysname))-\(text(names.release))-\(text(names.machine))"
    }

    /// Opens what it is given with the program that the desktop has for it.
    private static let name = "xdg-open"

    private let searchPath: String

    /// The desktop whose opener lies in one of the folders of a `PATH`; by default the process's own.
    package init(searchPath: String? = nil) {
        self.searchPath = searchPath ?? getenv("PATH").map { String(cString: $0) } ?? ""
    }

    /// Opens a file or a folder, given by its absolute path, and returns when the program has been started.
    package func open(_ path: String) throws(Failure) {
        guard let program = program else { throw .noProgram }
        var identifier: pid_t = 0
        let words: [UnsafeMutablePointer<CChar>?] = [strdup(program), strdup(path), nil]
        defer { for word in words { free(word) } }
        var actions = posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        #if canImport(Glibc)
            // Sockets do not close by themselves; what is opened may outlive this server and would keep its port.
            posix_spawn_file_actions_addclosefrom_np(&actions, 3)
        #endif
        // What this process ignores or blocks the other one must not.
        var signals = sigset_t()
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        let flags = POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP
        posix_spawnattr_setflags(&attributes, Int16(flags))
        let code = posix_spawn(&identifier, program, &actions, &attributes, words, environ)
        guard code == 0 else { throw .system(code) }
        let started = identifier
        OwnThreads.detach("desktop") {
            // Nobody asks how it ended, but the system keeps its number until someone has.
            var status: Int32 = 0
            while waitpid(started, &status, 0) < 0, errno == EINTR {}
        }
    }

    private var program: String? {
        searchPath.split(separator: ":").lazy.map { "\($0)/\(Self.name)" }.first { access($0, X_OK) == 0 }
    }
}
