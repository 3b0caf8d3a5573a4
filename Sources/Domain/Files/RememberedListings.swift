import Synchronization

/// Listings of large folders, for as long as the kernel vouches for them.
///
/// To look at each of thousands of files takes the kernel some milliseconds; to be told of their changes (inotify(7))
/// takes nothing. A folder is watched before it is read, and the kernel queues an event in the call that makes the change;
/// so who reads the queue first knows of everything that was done before. What can change without such an event is looked
/// at each time (``ListedEntries/Loose``). Some ways of writing tell nothing, or only when they end: through memory (mmap),
/// by Linux's own asynchronous calls (io_submit), through a name that was made in another folder meanwhile. For those a
/// listing serves for two seconds, then the folder is read in full again.
package final class RememberedListings: Sendable {
    /// A folder that is watched, and may be read now.
    struct Watch: Sendable {
        fileprivate let number: Int32
        fileprivate let state: RememberedListing.State
        fileprivate let start: Milliseconds
    }

    private let queue: Inotify?
    private let now: @Sendable () -> Milliseconds
    private let tellsAll: @Sendable (Int32) -> Bool
    private let memory: Mutex<ListingMemory>

    /// Remembers nothing yet, and never anything where the system does not tell of changes.
    package convenience init() {
        self.init(limits: ListingMemory.Limits())
    }

    /// For tests: `queue` is where events come from, `now` a clock that never goes back, and `tellsAll` says whether all
    /// changes in an open folder are told.
    init(
        limits: ListingMemory.Limits,
        queue: Inotify? = Inotify(),
        now: @escaping @Sendable () -> Milliseconds = Uptime.now,
        tellsAll: @escaping @Sendable (Int32) -> Bool = FileSystemKind.tellsAll
    ) {
        self.queue = queue
        self.now = now
        self.tellsAll = tellsAll
        memory = Mutex(ListingMemory(limits: limits))
    }

    /// What is known of an open folder with this resolved path; all but what is loose is as it is now.
    func find(_ folder: String, _ descriptor: Int32, _ policy: PathPolicy) -> RememberedListing? {
        guard queue != nil, let state = RememberedListing.State(descriptor) else { return nil }
        return update { $0.find(folder, in: state, policy, at: now()) }
    }

    /// Watches an open folder that is about to be read; `nil` when it cannot be remembered.
    func watch(_ folder: Int32) -> Watch? {
        guard let queue, tellsAll(folder), let state = RememberedListing.State(folder) else { return nil }
        let start = now()
        return update { memory in
            guard let number = queue.watchOnce(folder) else { return nil }
            memory.begin(number)
            return Watch(number: number, state: state, start: start)
        }
    }

    /// The folder could not be read.
    func abandon(_ watch: Watch) { update { $0.abandon(watch.number) } }

    /// Remembers what was read of a folder since `watch` began; answers the number of the entries, `nil` when they are not
    /// remembered.
    func keep(_ entries: ListedEntries, of folder: String, _ policy: PathPolicy, since watch: Watch) -> Int? {
        update { memory in
            let listing = RememberedListing(
                folder: folder,
                state: watch.state,
                policy: policy,
                entries: entries,
                version: memory.nextVersion(),
                watch: watch.number,
                start: watch.start
            )
            return memory.keep(listing) ? listing.version : nil
        }
    }

    /// The listing after another look at what is loose in it, in the order of ``ListedEntries/loose``.
    func renewed(_ listing: RememberedListing, _ looks: [FileInfo?]) -> RememberedListing {
        guard let entries = listing.entries.renewed(looks) else { return listing }
        return memory.withLock { memory in
            var new = listing
            new.entries = entries
            new.version = memory.nextVersion()
            memory.replace(listing, by: new)
            return new
        }
    }

    /// Takes in all events that are there, and ends the watches that nothing rests on afterwards.
    private func update<Value: Sendable>(_ body: (inout ListingMemory) -> Value) -> Value {
        memory.withLock { memory in
            var buffer = [UInt8](repeating: 0, count: 4_096)
            while let events = queue?.read(into: &buffer), !events.isEmpty { events.forEach { memory.take($0) } }
            end(&memory)
            defer { end(&memory) }
            return body(&memory)
        }
    }

    private func end(_ memory: inout ListingMemory) {
        for watch in memory.takeReleased() { queue?.end(watch) }
    }
}
