/// Which listings are remembered, without any system call.
///
/// It is fed with the events of the watched folders. A watch tells of one event; then the listings that rest on it are
/// forgotten and it is to be ended, so that its number never stands for another watch.
struct ListingMemory {
    /// How much is remembered.
    struct Limits: Sendable {
        var folders = 64
        var entries = 50_000
        /// How long in milliseconds a listing may be answered again, for what the kernel does not tell.
        var age: Milliseconds = 2_000
    }

    private struct Kept {
        var listing: RememberedListing
        var use: Int
    }

    let limits: Limits
    private var kept: [ByteText: Kept] = [:]
    /// The folders whose listings rest on each watch; none yet while they are read.
    private var watches: [Int32: Set<ByteText>] = [:]
    private var released: [Int32] = []
    private var uses = 0
    private var versions = 0

    init(limits: Limits) {
        self.limits = limits
    }

    /// How many entries are remembered.
    var count: Int { kept.values.reduce(0) { $0 + $1.listing.entries.count } }

    /// A number that no listing has had.
    mutating func nextVersion() -> Int {
        versions += 1
        return versions
    }

    // MARK: - Events

    /// Takes in an event.
    mutating func take(_ event: WatchEvent) {
        guard event.kind != .overflow else {
            // What was lost may have been about any of them.
            for watch in Array(watches.keys) { end(watch) }
            return
        }
        end(event.watch)
    }

    private mutating func end(_ watch: Int32) {
        guard let folders = watches.removeValue(forKey: watch) else { return }
        for folder in folders { kept[folder] = nil }
        released.append(watch)
    }

    /// A folder that is about to be read has this watch.
    mutating func begin(_ watch: Int32) {
        if watches[watch] == nil { watches[watch] = [] }
    }

    /// The watch is not needed by the one who began it.
    mutating func abandon(_ watch: Int32) {
        if watches[watch]?.isEmpty == true { end(watch) }
    }

    /// Takes the watches that are to be ended.
    mutating func takeReleased() -> [Int32] {
        defer { released = [] }
        return released
    }

    // MARK: - Listings

    /// Keeps a listing, unless something happened since its watch began, or too much of it is loose; others go for it.
    mutating func keep(_ listing: RememberedListing) -> Bool {
        let count = listing.entries.count
        guard watches[listing.watch] != nil else { return false }
        guard count <= limits.entries, listing.entries.loose.count * 4 <= count else {
            abandon(listing.watch)
            return false
        }
        let folder = ByteText(listing.folder)
        watches[listing.watch]?.insert(folder)
        if let old = kept[folder], old.listing.watch != listing.watch { forget(folder) }
        kept[folder] = nil
        while kept.count >= limits.folders || self.count + count > limits.entries, makeRoom() {}
        uses += 1
        kept[folder] = Kept(listing: listing, use: uses)
        return true
    }

    /// The listing of a folder that is in this state, as `policy` shows it.
    mutating func find(
        _ folder: String,
        in state: RememberedListing.State,
        _ policy: PathPolicy,
        at now: Milliseconds
    ) -> RememberedListing? {
        for (folder, kept) in kept where now - kept.listing.start >= limits.age { forget(folder) }
        let folder = ByteText(folder)
        guard let listing = kept[folder]?.listing else { return nil }
        guard listing.state == state, listing.policy == policy else {
            forget(folder)
            return nil
        }
        uses += 1
        kept[folder]?.use = uses
        return listing
    }

    /// Puts `new` in place of a listing, unless that has been replaced meanwhile.
    mutating func replace(_ old: RememberedListing, by new: RememberedListing) {
        let folder = ByteText(old.folder)
        if kept[folder]?.listing.version == old.version { kept[folder]?.listing = new }
    }

    private mutating func forget(_ folder: ByteText) {
        guard let watch = kept.removeValue(forKey: folder)?.listing.watch else { return }
        watches[watch]?.remove(folder)
        abandon(watch)
    }

    /// Forgets what was not used for the longest time; answers `false` when there is nothing.
    private mutating func makeRoom() -> Bool {
        guard let oldest = kept.min(by: { $0.value.use < $1.value.use }) else { return false }
        forget(oldest.key)
        return true
    }
}
