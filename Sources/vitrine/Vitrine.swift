import ArgumentParser
import Domain

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The program.
@main struct Vitrine: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "vitrine",
        abstract: "A server for picture libraries, live over WebSocket.",
        discussion: """
            Every flag can be given as an environment variable, --max-body as VITRINE_MAX_BODY, and to serve, scan and \
            seed in a YAML file (--config). A flag counts before a variable, a variable before the file.
            'vitrine help serve' lists all settings of the server.

            Exit codes: 0 at the end and on SIGTERM, 64 for a wrong command line or setting, 1 for any other failure.
            """,
        version: Release.version,
        subcommands: [
            Serve.self, Scan.self, Thumbnails.self, ImportIIB.self, Seed.self, Conformance.self, ShowVersion.self,
        ]
    )

    /// Runs the command that was given, and ends the process as ``Termination`` says.
    static func main() async {
        // A reader that has gone shows as an error of the write, not as the end of the process.
        signal(SIGPIPE, SIG_IGN)
        var command: any ParsableCommand
        do {
            command = try parseAsRoot()
        } catch {
            exit(withError: error)
        }
        do {
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch {
            Termination.exit(after: error)
        }
    }
}
