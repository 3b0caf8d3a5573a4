import Foundation
import Synchronization

/// Counts calls from any thread, from 1.
final class Counter: Sendable {
    private let count = Mutex(0)

    func next() -> Int {
        count.withLock { count in
            count += 1
            return count
        }
    }

    var value: Int { count.withLock { $0 } }

    /// Sets the count and answers what it was.
    func exchange(_ value: Int) -> Int {
        count.withLock { count in
            defer { count = value }
            return count
        }
    }
}

/// Keeps what was found true or false on any thread.
final class Checked: Sendable {
    private let notes = Mutex<[Bool]>([])

    func note(_ value: Bool) { notes.withLock { $0.append(value) } }

    var results: [Bool] { notes.withLock { $0 } }
}

/// The newest progress.
final class LastProgress: Sendable {
    private let state = Mutex<(current: Int, total: Int?)?>(nil)

    /// Takes a newer progress; answers whether it is not behind the last.
    func set(_ current: Int, _ total: Int?) -> Bool {
        state.withLock { state in
            let isInOrder = current >= state?.current ?? 0
            state = (current, total)
            return isInOrder
        }
    }

    var value: (current: Int, total: Int?)? { state.withLock { $0 } }
}

/// Files whose names are bytes.
enum RawFile {
    struct Failed: Error {}

    /// Gives a file one more name.
    static func hardLink(_ path: String, _ name: String) throws {
        guard link(path, name) == 0 else { throw Failed() }
    }

    static func copy(_ path: String, toRaw name: [CChar]) -> Bool {
        guard let from = fopen(path, "r"), let to = fopen(name, "w") else { return false }
        var bytes = [UInt8](repeating: 0, count: 1 << 20)
        let count = fread(&bytes, 1, bytes.count, from)
        let written = fwrite(bytes, 1, count, to)
        fclose(from)
        return fclose(to) == 0 && written == count
    }
}
