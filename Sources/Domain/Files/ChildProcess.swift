#if canImport(Glibc)
    import CGlibc
    import Glibc
#else
    import Darwin
#endif

/// Runs another program and collects what it writes, within bounds; without a shell.
enum ChildProcess {
    /// What a program may use.
    struct Bounds {
        /// Bytes it may write.
        var bytes: Int
        /// How long it may take.
        var time: Duration
    }

    /// Why there is no output.
    enum Failure: Error, CustomStringConvertible {
        case notStarted(SystemError)
        case tookTooLong
        case wroteTooMuch
        case stopped
        /// It ended with another status than 0; the text is the end of what it said.
        case ended(String)

        var description: String {
            switch self {
            case .notStarted(let error): error.description
            case .tookTooLong: "it took too long"
            case .wroteTooMuch: "it wrote too much"
            case .stopped: "it was stopped"
            case .ended(let text): text
            }
        }
    }

    /// How many of the last bytes of its complaints are kept.
    private static let complaintLimit = 2_048
    /// How often, in milliseconds, it is looked at whether to go on.
    private static let patience = 50

    /// Runs `program` with `input` as its standard input and returns what it writes to its standard output.
    ///
    /// It has no other descriptors, next to no environment, and a process group of its own. It is killed when it
    /// passes the bounds or `stop` is set. Blocks; throws ``Failure``.
    static func run(
        _ program: String,
        _ arguments: [String],
        input: Int32,
        bounds: Bounds,
        stop: StopFlag = StopFlag()
    ) throws(Failure) -> [UInt8] {
        let output = try Pipe()
        let complaints = try Pipe()
        let process = try start(program, arguments, [input, output.writeEnd, complaints.writeEnd])
        output.closeWriteEnd()
        complaints.closeWriteEnd()
        var reader = Reader(output: output.readEnd, complaints: complaints.readEnd, limit: bounds.bytes)
        let end = ContinuousClock.now + bounds.time
        var failure: Failure?
        while failure == nil, reader.isOpen {
            if stop.isSet {
                failure = .stopped
            } else if ContinuousClock.now >= end {
                failure = .tookTooLong
            } else if !reader.read(patience: patience) {
                failure = .wroteTooMuch
            }
        }
        var status: Int32 = 0
        while failure == nil {
            let ended = waitpid(process, &status, WNOHANG)
            if ended == process || (ended < 0 && errno != EINTR) { break }
            if stop.isSet { failure = .stopped }
            if ContinuousClock.now >= end { failure = .tookTooLong }
            // A thread of our own; waitpid(2) has no time limit.
            usleep(1_000)
        }
        if let failure {
            kill(-process, SIGKILL)
            kill(process, SIGKILL)
            while waitpid(process, &status, 0) < 0, errno == EINTR {}
            throw failure
        }
        guard status == 0 else { throw .ended(reader.complaint(status)) }
        return reader.output
    }

    private static func start(
        _ program: String,
        _ arguments: [String],
        _ descriptors: [Int32]
    ) throws(Failure) -> pid_t {
        do {
            return try ProcessStart.run(program, arguments, descriptors: descriptors, environment: ["LC_ALL=C"])
        } catch {
            throw .notStarted(error)
        }
    }

    /// A pipe, closed when it goes.
    private final class Pipe {
        let readEnd: Int32
        private(set) var writeEnd: Int32

        init() throws(Failure) {
            var ends: [Int32] = [-1, -1]
            #if canImport(Glibc)
                let result = pipe2(&ends, O_CLOEXEC)
            #else
                let result = pipe(&ends)
                for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
            #endif
            guard result == 0 else { throw .notStarted(SystemError(code: errno, action: "pipe")) }
            (readEnd, writeEnd) = (ends[0], ends[1])
        }

        func closeWriteEnd() {
            if writeEnd >= 0 { close(writeEnd) }
            writeEnd = -1
        }

        deinit {
            closeWriteEnd()
            close(readEnd)
        }
    }

    /// What comes out of the two pipes of a process.
    private struct Reader {
        private static let chunk = 65_536

        private var pipes: [pollfd]
        private let limit: Int
        private(set) var output: [UInt8] = []
        private var complaints: [UInt8] = []
        private var buffer = [UInt8](repeating: 0, count: Reader.chunk)

        init(output: Int32, complaints: Int32, limit: Int) {
            pipes = [output, complaints].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
            self.limit = limit
        }

        /// Whether more can come.
        var isOpen: Bool { pipes.contains { $0.fd >= 0 } }

        /// Reads what is there, waiting at most `patience` milliseconds; `false` when it is too much.
        mutating func read(patience: Int) -> Bool {
            guard poll(&pipes, nfds_t(pipes.count), Int32(patience)) > 0 else { return true }
            for index in pipes.indices where pipes[index].fd >= 0 && pipes[index].revents != 0 {
                let got = ChildProcess.read(pipes[index].fd, &buffer, buffer.count)
                if got < 0, errno == EINTR { continue }
                if got <= 0 {
                    pipes[index].fd = -1
                } else if index == 0 {
                    guard got <= limit - output.count else { return false }
                    output.append(contentsOf: buffer[..<got])
                } else {
                    complaints.append(contentsOf: buffer[..<got])
                    complaints.removeFirst(max(0, complaints.count - ChildProcess.complaintLimit))
                }
            }
            return true
        }

        /// What it said last, on one line.
        func complaint(_ status: Int32) -> String {
            let text = String(decoding: complaints, as: UTF8.self)
            let lines = text.split(whereSeparator: \.isNewline).map(String.init)
            return lines.isEmpty ? "it ended with status \(status)" : lines.joined(separator: "; ")
        }
    }

    private static func read(_ descriptor: Int32, _ buffer: inout [UInt8], _ count: Int) -> Int {
        #if canImport(Glibc)
            Glibc.read(descriptor, &buffer, count)
        #else
            Darwin.read(descriptor, &buffer, count)
        #endif
    }
}
