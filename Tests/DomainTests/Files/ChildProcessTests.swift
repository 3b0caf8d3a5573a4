import Testing

@testable import Domain

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

@Suite(.timeLimit(.minutes(5))) struct ChildProcessTests {
    private func run(
        _ script: String,
        input: String = "/dev/null",
        bytes: Int = 1 << 20,
        time: Duration = .seconds(120),
        stop: StopFlag = StopFlag()
    ) throws -> [UInt8] {
        let descriptor = open(input, O_RDONLY | O_CLOEXEC)
        defer { close(descriptor) }
        return try ChildProcess.run(
            "/bin/sh",
            ["-c", script],
            input: descriptor,
            bounds: ChildProcess.Bounds(bytes: bytes, time: time),
            stop: stop
        )
    }

    private func failure(_ body: () throws -> [UInt8]) -> String {
        do {
            return "no failure: \(try body().count) bytes"
        } catch let error as ChildProcess.Failure {
            return error.description
        } catch {
            return "\(error)"
        }
    }

    @Test("What it writes is returned, what it reads is the given file")
    func output() throws {
        let files = try TemporaryFolder()
        let path = try files.write([1, 2, 3], "in")
        #expect(try run("cat; printf x", input: path) == [1, 2, 3, 120])
        let million = try run("head -c 1000000 /dev/zero")
        #expect(million.count == 1_000_000)
    }

    @Test("It has three descriptors, no variables of ours, and no signal ignored")
    func surroundings() throws {
        let names = String(
            decoding: try run("ls /proc/self/fd; env | cut -d= -f1 | grep -c HOME || true"),
            as: UTF8.self
        )
        // One of them is the folder that ls reads.
        #expect(names.split(separator: "\n") == ["0", "1", "2", "3", "0"])
        signal(SIGPIPE, SIG_IGN)
        let ignored = String(
            decoding: try run("sed -n 's/^SigIgn:.//p' /proc/self/status | tr -d '\\n'"),
            as: UTF8.self
        )
        let signals = try #require(UInt64(ignored, radix: 16))
        #expect(signals & 1 << UInt64(SIGPIPE - 1) == 0)
    }

    @Test("A status other than 0 is a failure, told by its last words")
    func ended() {
        #expect(failure { try run("echo out; echo one >&2; echo two >&2; exit 3") } == "one; two")
        #expect(failure { try run("exit 3") }.contains("status"))
        #expect(failure { try run("kill -9 $$") }.contains("status"))
        let words = failure { try run("head -c 100000 /dev/zero | tr '\\0' a >&2; exit 1") }
        #expect(words.utf8.count <= 2_048)
    }

    @Test("It is killed when it takes too long, also when it has closed its output", arguments: ["", "exec >&- 2>&-;"])
    func time(_ prefix: String) {
        #expect(failure { try run("\(prefix) sleep 60", time: .milliseconds(200)) } == "it took too long")
    }

    @Test("It is killed when it writes too much")
    func bytes() throws {
        #expect(failure { try run("cat /dev/zero", bytes: 100_000) } == "it wrote too much")
        #expect(try run("head -c 1000 /dev/zero", bytes: 1_000).count == 1_000)
    }

    @Test("It is killed when it is no longer wanted")
    func stopped() {
        let stop = StopFlag()
        stop.set()
        #expect(failure { try run("sleep 60", stop: stop) } == "it was stopped")
    }

    @Test("A program that is not there is a failure")
    func missing() {
        let bounds = ChildProcess.Bounds(bytes: 1, time: .seconds(1))
        #expect(throws: ChildProcess.Failure.self) { try ChildProcess.run("/nowhere", [], input: 0, bounds: bounds) }
    }
}
