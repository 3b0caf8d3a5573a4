import ArgumentParser
import Foundation

/// How a command that failed ends the process: one line on standard error, and an exit code.
///
/// 64 for a setting that cannot be used (`EX_USAGE`), 1 for a failure at run time.
enum Termination: Hashable {
    /// Nothing of ours: help that was asked for, or an exit code that a command chose.
    case parser
    /// A line for standard error, and the code to end with.
    case failure(line: String, code: Int32)

    /// What an error that a command threw means.
    init(_ error: any Error) {
        switch error {
        case let error as ConfigurationError: self = .failure(line: Self.line(error.message), code: 64)
        // The help command throws an error of the parser's own, which only its code tells from a failure.
        case _ where error is ExitCode || [.success, .validationFailure].contains(Vitrine.exitCode(for: error)):
            self = .parser
        case is CocoaError, is POSIXError: self = .failure(line: Self.line(error.localizedDescription), code: 1)
        default:
            let text = (error as? any LocalizedError)?.errorDescription ?? "\(error)"
            self = .failure(line: Self.line(text), code: 1)
        }
    }

    /// Ends the process.
    static func exit(after error: any Error) -> Never {
        switch Termination(error) {
        case .parser: Vitrine.exit(withError: error)
        case .failure(let line, let code):
            LogOutput.standardError.writeLine(line)
            Foundation.exit(code)
        }
    }

    /// The text as one line.
    private static func line(_ text: String) -> String {
        "vitrine: " + text.split(whereSeparator: \.isNewline).joined(separator: " ")
    }
}
