import Synchronization

/// The order of everything that happens: numbers each event, folds it into the boards, and hands it on.
///
/// One counter for the whole server (contracts/realtime.md §3). Numbering, folding and handing on are one step
/// under one lock, so a snapshot read at offset S holds exactly the events up to S (guarantee G1), and every
/// listener hears events in growing order (G2).
package final class Journal: Sendable {
    /// What the boards show after the event with number `offset`.
    package struct State: Sendable {
        /// Names the counter; new at each start of the server.
        package let epoch: String
        /// The number of the newest event; 0 before the first.
        package fileprivate(set) var offset = 0
        package var tasks = TaskBoard()
        package var clients = ClientBoard()
        package var library = LibraryBoard()
        package var models = CountBoard("models")
        package var tags = CountBoard("tags")
        package var pictureTags = CountBoard("custom")
        package var log = LogBoard()
        package var apps = AppBoard()
        package var relays = RelayBoard()

        private var versions = (tasks: 0, clients: 0, library: 0, models: 0, tags: 0)

        fileprivate init(epoch: String) {
            self.epoch = epoch
        }

        fileprivate mutating func apply(_ event: Event, from origin: String?) {
            switch event {
            case .taskCreated, .taskStarted, .taskProgress, .taskLog, .taskRequeued, .taskFinished, .taskWaiting,
                .tasksWaiting:
                tasks.apply(event)
                versions.tasks = offset
            case .clientJoined, .clientLeft, .clientChanged:
                clients.apply(event)
                versions.clients = offset
            case .libraryAdded, .libraryChanged, .libraryRemoved, .libraryCounts:
                library.apply(event)
                versions.library = offset
            case .modelsChanged(let change):
                models.apply(change)
                versions.models = offset
            case .tagsChanged(let change):
                tags.apply(change)
                versions.tags = offset
            case .pictureTagsChanged(let change):
                pictureTags.apply(change)
                versions.tags = offset
            case .logLine: log.apply(event)
            case .appMessage: apps.apply(event)
            case .roomMessage: relays.apply(event, from: origin)
            }
        }

        /// The offset of the last event that changed the topic's board; `offset` for boards that keep no account.
        package func version(of topic: Topic) -> Int {
            switch topic {
            case .tasks: versions.tasks
            case .clients: versions.clients
            case .library: versions.library
            case .models: versions.models
            case .tags: versions.tags
            default: offset
            }
        }
    }

    /// An event with its number and time.
    package struct Entry: Sendable {
        package let offset: Int
        package let at: Milliseconds
        package let event: Event
        /// The process that it happened in; `nil` for this one.
        package var origin: String?
    }

    private struct Shared {
        var state: State
        var listeners: [@Sendable (Entry) -> Void] = []

        mutating func publish(_ event: Event, from origin: String?, at now: Milliseconds) {
            state.offset += 1
            state.apply(event, from: origin)
            let entry = Entry(offset: state.offset, at: now, event: event, origin: origin)
            for listener in listeners { listener(entry) }
        }
    }

    private let shared: Mutex<Shared>
    private let clock: WallClock
    /// Names the counter; compare for equality only.
    package let epoch: String

    /// A journal that begins at offset 0 in `epoch`, which must never have been used before.
    package init(epoch: String, clock: WallClock = .system) {
        self.epoch = epoch
        self.clock = clock
        shared = Mutex(Shared(state: State(epoch: epoch)))
    }

    /// Adds one who hears every event from now on.
    ///
    /// `listener` is called inside the journal's lock, in order: it must be quick and must not call the journal.
    package func listen(_ listener: @escaping @Sendable (Entry) -> Void) {
        shared.withLock { $0.listeners.append(listener) }
    }

    /// Numbers the event, folds it in and hands it on; returns its offset.
    ///
    /// `origin` names the process in which it happened, unless it is this one.
    @discardableResult
    package func publish(_ event: Event, from origin: String? = nil) -> Int {
        shared.withLock { shared in
            shared.publish(event, from: origin, at: clock.now)
            return shared.state.offset
        }
    }

    /// Numbers several events with nothing in between.
    package func publish(contentsOf events: [Event]) {
        guard !events.isEmpty else { return }
        shared.withLock { shared in
            for event in events { shared.publish(event, from: nil, at: clock.now) }
        }
    }

    /// Numbers what follows from the boards as they are, with nothing in between.
    ///
    /// `body` must be quick and must not call the journal; `origin` names the process in which it happened.
    package func publish(from origin: String, _ body: (borrowing State) -> [Event]) {
        shared.withLock { shared in
            for event in body(shared.state) { shared.publish(event, from: origin, at: clock.now) }
        }
    }

    /// Reads the boards at one offset; `body` must be quick and must not call the journal.
    package func read<Value>(_ body: (borrowing State) throws -> Value) rethrows -> Value {
        try shared.withLock { try body($0.state) }
    }

    /// Takes over at start what the store holds; no event tells of it.
    package func load(_ body: (inout State) -> Void) {
        shared.withLock { body(&$0.state) }
    }
}
