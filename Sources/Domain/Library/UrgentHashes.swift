import Synchronization

/// Files whose contents are wanted before all others, because people said something of them.
final class UrgentHashes: Sendable {
    private struct Line {
        var waiting: [Int] = []
        var isWorking = false
    }

    private let line = Mutex(Line())

    /// Puts files at the end of the line; answers whether someone has to begin working on it.
    func add(_ files: [Int]) -> Bool {
        line.withLock { line in
            line.waiting += files
            defer { line.isWorking = true }
            return !line.isWorking
        }
    }

    /// The files that wait, for the one who works on them; `nil` ends that.
    func take() -> [Int]? {
        line.withLock { line in
            line.isWorking = !line.waiting.isEmpty
            defer { line.waiting = [] }
            return line.isWorking ? line.waiting : nil
        }
    }
}

extension Library {
    /// Has the contents of files computed that have none yet, one file after the other, behind everything else but before
    /// what scans left to be hashed.
    ///
    /// What people say of a file waits for it wherever it goes once its content is known. What cannot be read, and what is
    /// left when the process ends, is for the next scan.
    func hashSoon(_ files: [Int]) {
        guard let left = try? store.unhashedFiles(files, upTo: .max), !left.isEmpty, urgent.add(left.map(\.id)) else {
            return
        }
        OwnThreads.detach("library.hash") { [self] in
            OwnThreads.giveWay()
            while let files = urgent.take() {
                for file in (try? store.unhashedFiles(files, upTo: .max)) ?? [] { try? hash([file]) }
            }
        }
    }
}
