import Dispatch
import Synchronization

/// One run over the contents that want a thumbnail: threads that make them, and the caller's that writes the results.
final class ThumbnailRun: Sendable {
    /// How many contents of the store are looked up at once.
    private static let page = 64
    /// How many results are written at once, and after how many milliseconds fewer are.
    private static let batch = 50
    private static let patience = 250

    private let library: Library
    private let maker: ThumbnailMaker
    private let context: TaskContext
    private let stop: StopFlag
    private let contents = BoundedQueue<LibraryContent?>(limit: ThumbnailRun.page)
    private let results = BoundedQueue<Result<ThumbnailResult, any Error>?>(limit: ThumbnailRun.page)

    init(library: Library, maker: ThumbnailMaker, context: TaskContext, stop: StopFlag) {
        self.library = library
        self.maker = maker
        self.context = context
        self.stop = stop
    }

    /// Makes the thumbnails of `only`, or of all contents that want one, on `threads` threads; blocks.
    func run(only: LibraryContent?, threads: Int) throws -> JSON {
        let total = only == nil ? try library.store.thumbnailsWanted() : 1
        let group = DispatchGroup()
        OwnThreads.start("thumbnails.make", count: threads, isPolite: only == nil, in: group) {
            self.makeAll(again: only != nil)
        }
        OwnThreads.start("thumbnails.read", count: 1, in: group) {
            self.feed(only)
            for _ in 0..<threads { self.contents.push(nil) }
        }
        let written = Result { try self.writeAll(total: total, threads: threads) }
        group.wait()
        let tally = try written.get()
        if stop.isSet { throw CancellationError() }
        return tally.json
    }

    private struct Tally {
        var made = 0
        var failed = 0
        var unsupported = 0
        var missing = 0

        var count: Int { made + failed + unsupported + missing }

        var json: JSON {
            [
                "made": .int(Int64(made)), "failed": .int(Int64(failed)), "unsupported": .int(Int64(unsupported)),
                "missing": .int(Int64(missing)),
            ]
        }
    }

    /// Contents in the order of their ids, so that one that stays wanted is not met twice.
    private func feed(_ only: LibraryContent?) {
        if let only {
            contents.push(only)
            return
        }
        var last = 0
        while !stop.isSet {
            do {
                let page = try library.store.contentsWantingThumbnails(after: last, limit: Self.page)
                guard let end = page.last else { return }
                for content in page where !stop.isSet { contents.push(content) }
                last = end.id
            } catch {
                results.push(.failure(error))
                return
            }
        }
    }

    private func makeAll(again: Bool) {
        while let next = contents.pop(), let content = next {
            if stop.isSet { continue }
            results.push(
                Result {
                    let outcome = try maker.make(content, again: again, stop: stop)
                    return ThumbnailResult(content: content.id, hash: content.hash, outcome: outcome)
                }
            )
        }
        results.push(nil)
    }

    /// Writes results until every making thread has ended; throws the first error after that.
    private func writeAll(total: Int, threads: Int) throws -> Tally {
        var tally = Tally()
        var batch: [ThumbnailResult] = []
        var failure: (any Error)?
        var running = threads
        var deadline = DispatchTime.distantFuture
        while running > 0 {
            let message = batch.isEmpty ? results.pop() : results.pop(until: deadline)
            if batch.isEmpty { deadline = .now() + .milliseconds(Self.patience) }
            switch message {
            case .some(.some(.success(let result))):
                count(result, &tally)
                batch.append(result)
                context.progress(tally.count, of: max(total, tally.count), "\(tally.made) thumbnails made")
            case .some(.some(.failure(let error))):
                failure = failure ?? error
                stop.set()
            case .some(.none): running -= 1
            case .none: break
            }
            let isDue = batch.count >= Self.batch || running == 0 || deadline <= .now()
            guard !batch.isEmpty, isDue else { continue }
            do {
                let ready = batch
                try maker.flush()
                _ = try library.commit { try library.store.setThumbnails(ready, at: library.clock.now) }
            } catch {
                failure = failure ?? error
                stop.set()
            }
            batch = []
        }
        if let failure { throw failure }
        context.progress(tally.count, of: tally.count, "\(tally.made) thumbnails made")
        return tally
    }

    private func count(_ result: ThumbnailResult, _ tally: inout Tally) {
        switch result.outcome {
        case .made: tally.made += 1
        case .failed(let reason):
            tally.failed += 1
            context.log(.warning, "\(name(result.hash)): \(reason)")
        case .unsupported(let reason):
            tally.unsupported += 1
            context.log(.info, "\(name(result.hash)): \(reason)")
        case .missing:
            tally.missing += 1
            context.log(.warning, "\(name(result.hash)): none of its files can be read; a later run tries again")
        }
    }

    /// What people know a content by: the path of one of its files, or its hash when it has none any more.
    private func name(_ hash: ContentHash) -> String {
        guard let item = try? library.store.items(holding: hash, limit: 1).first else { return hash.hex }
        return FolderPath.joined(item.root, item.path)
    }
}
