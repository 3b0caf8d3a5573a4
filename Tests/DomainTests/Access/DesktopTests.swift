import Foundation
import Testing

@testable import Domain

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

struct DesktopTests {
    @Test("A program that opens something has none of the server's descriptors, and its environment")
    func descriptors() throws {
        let folder = try TemporaryFolder()
        let said = folder.path + "/said"
        #expect(mkfifo(said, 0o600) == 0)
        // Neither the pipe nor what it is read through closes by itself in another program.
        var ends: [Int32] = [-1, -1]
        #expect(pipe(&ends) == 0)
        defer { for end in ends { close(end) } }
        try folder.write(
            Array("#!/bin/sh\n{ echo \"$1 $HOME\"; ls /proc/self/fd; } > '\(said)'\n".utf8),
            "bin/xdg-open"
        )
        #expect(chmod(folder.path + "/bin/xdg-open", 0o755) == 0)
        try Desktop(searchPath: folder.path + "/bin").open("/a b")
        // Opening the other end of the pipe waits for the program.
        let heard = try #require(FileHandle(forReadingAtPath: said)).readToEnd() ?? Data()
        let lines = String(decoding: heard, as: UTF8.self).split(separator: "\n").map(String.init)
        #expect(lines.first == "/a b " + (ProcessInfo.processInfo.environment["HOME"] ?? ""))
        // Its three, and the folder that `ls` reads.
        #expect(Set(lines.dropFirst()).subtracting(["0", "1", "2", "3"]).isEmpty, "\(lines)")
        #expect(lines.count >= 4)
    }

    @Test("Without a program, and with one that cannot be started, nothing is opened")
    func failures() throws {
        let folder = try TemporaryFolder()
        #expect(throws: Desktop.Failure.noProgram) { try Desktop(searchPath: "").open("/") }
        try folder.write(Array("no program".utf8), "xdg-open")
        #expect(throws: Desktop.Failure.noProgram) { try Desktop(searchPath: folder.path).open("/") }
        #expect(chmod(folder.path + "/xdg-open", 0o755) == 0)
        #expect(throws: Desktop.Failure.system(ENOEXEC)) { try Desktop(searchPath: folder.path).open("/") }
    }
}
