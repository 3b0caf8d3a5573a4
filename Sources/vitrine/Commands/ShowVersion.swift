import ArgumentParser
import Domain

/// `vitrine version`: the version, alone on a line.
struct ShowVersion: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "version", abstract: "Show the version.")

    func run() {
        LogOutput.standardOutput.writeLine(Release.version)
    }
}
