import Domain
import Foundation
import Testing

@testable import vitrine

/// The built program from outside: exit codes, and what stands on which stream.
@Suite struct ExecutableTests {
    private struct Outcome {
        let code: Int32
        let output: String
        let errors: String
    }

    private func run(_ arguments: [String], environment: [String: String] = [:]) throws -> Outcome {
        let tests = try #require(CommandLine.arguments.first)
        let beside = URL(fileURLWithPath: tests).resolvingSymlinksInPath().deletingLastPathComponent()
        let process = Process()
        process.executableURL = beside.appendingPathComponent("vitrine")
        process.arguments = arguments
        process.environment = ["PATH": "/usr/bin:/bin"].merging(environment) { $1 }
        process.standardInput = FileHandle.nullDevice
        // Files, not pipes: another child that is started meanwhile may inherit a pipe, which ends when that one does.
        return try withTemporaryFolder { folder in
            let streams = [folder + "/output", folder + "/errors"]
            for path in streams { try write("", to: path) }
            process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: streams[0]))
            process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: streams[1]))
            try process.run()
            let code = process.exitCode()
            let texts = try streams.map { try String(contentsOfFile: $0, encoding: .utf8) }
            return Outcome(code: code, output: texts[0], errors: texts[1])
        }
    }

    @Test("version and help end with 0 and write to standard output only")
    func good() throws {
        let version = try run(["version"])
        #expect(version.code == 0 && version.output == "\(Release.version)\n" && version.errors.isEmpty)
        #expect(try run(["--version"]).output == "\(Release.version)\n")
        for arguments in [[], ["--help"], ["serve", "--help"], ["help", "serve"]] {
            let help = try run(arguments)
            #expect(help.code == 0 && help.output.contains("USAGE: vitrine") && help.errors.isEmpty)
        }
    }

    @Test("a wrong setting ends with 64 and one line on standard error")
    func settings() throws {
        let cases: [([String], [String: String], String)] = [
            (["serve", "--port", "x"], [:], "--port"), (["serve"], ["VITRINE_SLOTS": "many"], "VITRINE_SLOTS"),
            (["serve", "--host", "0.0.0.0"], [:], "--insecure"), (["serve", "--config", "/nowhere"], [:], "/nowhere"),
            (["scan", "/nowhere/at/all"], [:], "/nowhere/at/all"), (["conformance", "--port", "-"], [:], "--port"),
            (["serve", "--token", "boss:hush-hush"], [:], "ROLE:TOKEN"),
        ]
        for (arguments, environment, word) in cases {
            let outcome = try run(arguments, environment: environment)
            #expect(outcome.code == 64 && outcome.output.isEmpty)
            #expect(outcome.errors.hasPrefix("vitrine: ") && outcome.errors.contains(word))
            #expect(outcome.errors.filter { $0 == "\n" }.count == 1)
            #expect(!outcome.errors.contains("hush"))
        }
        #expect(try run(["serve", "--bogus"]).code == 64)
    }

    @Test("a failure at run time ends with 1 and no trace")
    func failure() throws {
        try withTemporaryFolder { folder in
            try write("no folder", to: folder + "/source/demo.png")
            try write("a file", to: folder + "/data/output")
            let outcome = try run(["seed", "--data-dir", folder + "/data", "--from", folder + "/source"])
            #expect(outcome.code == 1 && outcome.output.isEmpty)
            #expect(outcome.errors.split(separator: "\n").last?.hasPrefix("vitrine: ") == true)
        }
    }
}
