import Dispatch
import Synchronization

/// Makes samples of the pictures that wait with records ready, before the records' turn in an import comes.
///
/// What was made ready and is not taken goes at the end.
final class ImportPictures: Sendable {
    /// A picture of a record, for a model of a hash; `nil` when there is none.
    struct Ready: Sendable {
        var hash: ContentHash
        var sample: ModelSamples.Arriving?
    }

    /// A large picture takes hundreds of megabytes while it is made ready, however many threads hash files.
    private static let turns = DispatchSemaphore(value: 2)

    private let gallery: ModelGallery
    private let strategy: ModelImport.Strategy?
    private let ready = Mutex<[Int: Ready]>([:])

    init(gallery: ModelGallery, strategy: ModelImport.Strategy?) {
        self.gallery = gallery
        self.strategy = strategy
    }

    /// Makes a record's picture ready for a model that the record will probably become; a failure is left for its turn.
    func prepare(_ job: Store.ImportJob, for hash: ContentHash) {
        guard !job.images.isEmpty, (try? writes(hash)) == true, let made = try? make(job, for: hash) else { return }
        let old = ready.withLock { $0.updateValue(made, forKey: job.id) }
        discard(old)
    }

    /// A record's picture for a model; made now unless it is ready.
    ///
    /// Throws ``ModelImport/Failure`` for a broken one.
    func take(_ job: Store.ImportJob, for hash: ContentHash) throws -> ModelSamples.Arriving? {
        let made = ready.withLock { $0.removeValue(forKey: job.id) }
        if let made, made.hash == hash { return made.sample }
        discard(made)
        guard !job.images.isEmpty, try writes(hash) else { return nil }
        return try make(job, for: hash).sample
    }

    /// Removes what nobody took.
    func discardAll() {
        let left = ready.withLock { ready in
            defer { ready = [:] }
            return Array(ready.values)
        }
        for made in left { discard(made) }
    }

    private func discard(_ made: Ready?) {
        if let sample = made?.sample { gallery.samples.discard(sample) }
    }

    /// Whether a model of this hash is written, as things are.
    private func writes(_ hash: ContentHash) throws -> Bool {
        switch strategy {
        case .ignore, .delete: false
        case .override, .merge: true
        case nil: try gallery.library.store.model(hash) == nil
        }
    }

    private func make(_ job: Store.ImportJob, for hash: ContentHash) throws -> Ready {
        Self.turns.wait()
        defer { Self.turns.signal() }
        do {
            return Ready(hash: hash, sample: try gallery.prepareSample(fromPending: job.images, for: hash))
        } catch ModelGalleryError.badPicture(let text) {
            throw ModelImport.Failure.picture(text)
        } catch let error as SystemError {
            // Of this record alone: those before it are done, and those after it may be well. Without the path.
            throw ModelImport.Failure.picture(SystemError.text(error.code))
        }
    }
}
