import Foundation
import Synchronization

@testable import Domain

/// The real file system, which fails or stops for good at a chosen call, and may pretend to be several.
final class FaultyFileSystem: FileSystem {
    enum Fault: CaseIterable {
        /// The call does nothing and throws; all others work.
        case failure
        /// The process ends before the call.
        case crashBefore
        /// The process ends when the call has done its work, or, of a copy, half of it.
        case crashAfter
    }

    /// What every call throws after a crash.
    static let dead = SystemError(code: 200, action: "the process has ended")

    private struct State {
        var calls = 0
        var isDead = false
        var hasFailed = false
    }

    private let disk = DiskFileSystem()
    private let fault: (kind: Fault, call: Int)?
    /// Folders that count as file systems of their own.
    private let devices: [String]
    /// Whether nothing can be written to a file.
    private let isFull: Bool
    private let state = Mutex(State())

    /// `call` counts calls that change something, from 1.
    init(_ kind: Fault = .failure, at call: Int? = nil, devices: [String] = [], isFull: Bool = false) {
        fault = call.map { (kind, $0) }
        self.devices = devices
        self.isFull = isFull
    }

    /// Whether the chosen call came.
    var hasStruck: Bool { state.withLock { $0.isDead || $0.hasFailed } }

    /// Counts as a call, for writes to the store.
    func willCommit() throws {
        // What follows is the store's, so that a crash after it is one before the next call.
        if try begin() { throw Self.dead }
    }

    /// Answers whether the process ends after this call.
    private func begin() throws(SystemError) -> Bool {
        let outcome = state.withLock { state -> (error: SystemError?, isLast: Bool) in
            if state.isDead { return (Self.dead, false) }
            state.calls += 1
            guard let fault, state.calls == fault.call else { return (nil, false) }
            switch fault.kind {
            case .failure:
                state.hasFailed = true
                return (SystemError(code: EIO, action: "fault"), false)
            case .crashBefore:
                state.isDead = true
                return (Self.dead, false)
            case .crashAfter:
                state.isDead = true
                return (nil, true)
            }
        }
        if let error = outcome.error { throw error }
        return outcome.isLast
    }

    private func change(_ body: () throws(SystemError) -> Void) throws(SystemError) {
        let isLast = try begin()
        try body()
        if isLast { throw Self.dead }
    }

    private func checkAlive() throws(SystemError) {
        if state.withLock({ $0.isDead }) { throw Self.dead }
    }

    func node(_ path: String) throws(SystemError) -> FileNode? {
        try checkAlive()
        return try disk.node(path)
    }

    func entries(in folder: String) throws(SystemError) -> (names: [String], areAll: Bool) {
        try checkAlive()
        return try disk.entries(in: folder)
    }

    func rename(_ from: String, to: String) throws(SystemError) {
        try change { () throws(SystemError) in
            let isCrossing = devices.contains { ($0 + "/").isStart(of: from) != ($0 + "/").isStart(of: to) }
            if isCrossing { throw SystemError(code: EXDEV, action: from) }
            try disk.rename(from, to: to)
        }
    }

    func copyFile(_ from: String, to: String) throws(SystemError) {
        let isLast = try begin()
        if isFull { throw SystemError(code: ENOSPC, action: to) }
        if isLast {
            let half = (try? Data(contentsOf: URL(fileURLWithPath: from))).map { $0.prefix($0.count / 2) }
            try? half?.write(to: URL(fileURLWithPath: to))
            throw Self.dead
        }
        try disk.copyFile(from, to: to)
    }

    func flushFile(_ path: String) throws(SystemError) {
        try change { () throws(SystemError) in try disk.flushFile(path) }
    }

    func removeFile(_ path: String) throws(SystemError) {
        try change { () throws(SystemError) in try disk.removeFile(path) }
    }

    func removeFolder(_ path: String) throws(SystemError) {
        try change { () throws(SystemError) in try disk.removeFolder(path) }
    }

    func makeFolder(_ path: String) throws(SystemError) {
        try change { () throws(SystemError) in try disk.makeFolder(path) }
    }

    func copyLink(_ from: String, to: String) throws(SystemError) {
        try change { () throws(SystemError) in try disk.copyLink(from, to: to) }
    }

    func copyAttributes(_ from: String, to: String) throws(SystemError) {
        try change { () throws(SystemError) in try disk.copyAttributes(from, to: to) }
    }

    func flush(_ folder: String) throws(SystemError) {
        try change { () throws(SystemError) in try disk.flush(folder) }
    }
}

extension String {
    fileprivate func isStart(of path: String) -> Bool { path.utf8.starts(with: utf8) }
}
