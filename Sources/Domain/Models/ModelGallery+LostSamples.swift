import Synchronization

extension ModelGallery {
    /// Has somebody look soon whether samples were removed as files of the library, and tell of the models they were of.
    func lookForLostSamples() {
        guard !isLooking.exchange(true, ordering: .acquiringAndReleasing) else { return }
        threads.start { [self] in
            // Before the look: what is removed during it is for another.
            isLooking.store(false, ordering: .releasing)
            // Nobody waits; what fails is told after the next removal.
            for hash in (try? library.store.takeLostSamples()) ?? [] { try? noteChanged(hash) }
        }
    }
}
