import Domain
import Foundation

/// A redis-server of one test's own, on a socket in a folder of its own.
final class RedisServer: @unchecked Sendable {
    // `process` is used by the one test that made the server.
    private var process = Process()
    private let folder: TemporaryFolder
    private let options: [String]

    static let executable = ["/usr/bin", "/usr/local/bin", "/opt/homebrew/bin"].map { $0 + "/redis-server" }
        .first { FileManager.default.isExecutableFile(atPath: $0) }

    init(_ options: String...) throws {
        folder = try TemporaryFolder()
        self.options = options
        try start()
    }

    deinit { kill() }

    var path: String { folder.path + "/redis.sock" }

    func address(user: String? = nil, password: String? = nil, database: Int = 0) -> RedisAddress {
        RedisAddress(place: .unix(path: path), user: user, password: password, database: database)
    }

    func start() throws {
        process = Process()
        process.executableURL = URL(fileURLWithPath: Self.executable ?? "/usr/bin/redis-server")
        process.arguments =
            ["--port", "0", "--unixsocket", path, "--save", "", "--appendonly", "no", "--dir", folder.path] + options
        process.standardOutput = FileHandle.nullDevice
        try process.run()
    }

    func kill() {
        guard process.isRunning else { return }
        Foundation.kill(process.processIdentifier, SIGKILL)
        _ = process.exitCode()
    }
}
