#if canImport(Glibc)
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
        let started: pid_t
        do {
            started = try ProcessStart.run(program, [path])
        } catch {
            throw .system(error.code)
        }
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
