import ArgumentParser
import Foundation
import Testing

@testable import vitrine

@Suite struct TerminationTests {
    private struct Failure: Error, CustomStringConvertible {
        var description: String { "first\nsecond\r\nthird" }
    }

    @Test("a setting that cannot be used ends with 64 and one line")
    func configuration() {
        let error = ConfigurationError(.flag("port"), "\"x\" is not a number")
        #expect(Termination(error) == .failure(line: "vitrine: --port: \"x\" is not a number", code: 64))
    }

    @Test("any other failure ends with 1 and one line")
    func others() {
        #expect(Termination(Failure()) == .failure(line: "vitrine: first second third", code: 1))
        guard case .failure(let line, 1) = Termination(CocoaError(.fileReadNoSuchFile)) else {
            Issue.record("a file error is a failure")
            return
        }
        #expect(!line.contains("Domain=") && !line.contains("\n"))
    }

    @Test("help, chosen exit codes and wrong flags are left to the parser")
    func parser() throws {
        #expect(Termination(CleanExit.helpRequest()) == .parser)
        #expect(Termination(ExitCode(3)) == .parser)
        #expect(Termination(ValidationError("x")) == .parser)
        for arguments in [["--help"], ["serve", "--help"], ["help", "scan"]] {
            let error = #expect(throws: (any Error).self) {
                var command = try Vitrine.parseAsRoot(arguments)
                try command.run()
            }
            #expect(try Termination(#require(error)) == .parser)
        }
    }
}
