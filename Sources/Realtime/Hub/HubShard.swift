import DequeModule
import Domain
import Synchronization

/// One loop's share of the hub: its sessions, their subscriptions, and the events on their way to them.
///
/// `@unchecked Sendable`: every stored property but `mailbox` and `sessionCount`, which are safe by themselves, is
/// touched on `loop` only.
package final class HubShard: @unchecked Sendable {
    package let loop: any SessionLoop
    unowned let hub: Hub
    /// The compressors of this loop.
    let contexts = DeflateContexts()
    private let mailbox: Mailbox<EventFrame>
    private let sessionCount = Atomic<Int>(0)
    private(set) var sessions: [ObjectIdentifier: any Session] = [:]
    private var pending: Deque<EventFrame> = []
    private(set) var isDraining = false
    private var postponed: Deque<Subscriber> = []
    private var groups: [Set<Topic>: SubscriberGroup] = [:]
    private var groupsOfTopic: [Topic: [SubscriberGroup]] = [:]

    init(loop: any SessionLoop, hub: Hub) {
        self.loop = loop
        self.hub = hub
        mailbox = Mailbox(loop: loop)
    }

    var epoch: String { hub.journal.epoch }

    // MARK: - Sessions

    /// Adds a session to those that are told of time and shutdown; on the loop.
    package func join(_ session: any Session) {
        sessions[ObjectIdentifier(session)] = session
        sessionCount.add(1, ordering: .sequentiallyConsistent)
    }

    /// Removes a session; on the loop.
    package func leave(_ session: any Session) {
        if sessions.removeValue(forKey: ObjectIdentifier(session)) != nil {
            sessionCount.subtract(1, ordering: .sequentiallyConsistent)
        }
    }

    /// Runs `body` on the loop with the session of this identity, unless it has left.
    func reach(_ id: ObjectIdentifier, _ body: @escaping @Sendable (any Session) -> Void) {
        loop.execute { [self] in if let session = sessions[id] { body(session) } }
    }

    func tick() {
        let now = loop.now
        for session in Array(sessions.values) { session.tick(now: now) }
    }

    func shutDown() {
        for session in Array(sessions.values) { session.shutDown() }
    }

    /// Cuts every connection that is left.
    func abandon() {
        for session in Array(sessions.values) { session.abandon() }
    }

    // MARK: - Subscriptions

    /// Puts the subscriber into the group of exactly these topics.
    func move(_ subscriber: Subscriber, to topics: Set<Topic>) {
        if let old = subscriber.group {
            guard old.topics != topics else { return }
            old.remove(subscriber)
            if old.members.isEmpty { forget(old) }
        }
        guard !topics.isEmpty else { return }
        group(topics).insert(subscriber)
    }

    private func group(_ topics: Set<Topic>) -> SubscriberGroup {
        if let known = groups[topics] { return known }
        let group = SubscriberGroup(topics: topics)
        groups[topics] = group
        for topic in topics { groupsOfTopic[topic, default: []].append(group) }
        return group
    }

    private func forget(_ group: SubscriberGroup) {
        groups[group.topics] = nil
        for topic in group.topics {
            groupsOfTopic[topic]?.removeAll { $0 === group }
            if groupsOfTopic[topic]?.isEmpty == true { groupsOfTopic[topic] = nil }
        }
    }

    // MARK: - Events

    /// Hands an event over; called in the journal's lock, from any thread, in growing order of offsets.
    func post(_ frame: EventFrame) {
        // A session that joins later reads its snapshot at this event or after it, and misses nothing.
        guard sessionCount.load(ordering: .sequentiallyConsistent) > 0 else { return }
        mailbox.post(frame) { [self] in drain() }
    }

    /// Delivers what has been posted, up to and including `offset`; on the loop.
    func drain(through offset: Int = .max) {
        isDraining = true
        pending.append(contentsOf: mailbox.takeAll())
        var touched: [SubscriberGroup] = []
        while let frame = pending.first, frame.offset <= offset {
            pending.removeFirst()
            for topic in frame.topics {
                for group in groupsOfTopic[topic] ?? [] where group.collect(frame) { touched.append(group) }
            }
        }
        for group in touched { group.deliver(contexts: contexts) }
        isDraining = false
        while let subscriber = postponed.popFirst() {
            subscriber.drain()
            subscriber.link?.flush()
        }
        if !pending.isEmpty, offset != .max { loop.execute { [self] in drain() } }
    }

    /// Lets a subscriber go on after the present drain: a socket may become writable in the middle of one, and what
    /// it would be sent then must not overtake the events of the drain.
    func postpone(_ subscriber: Subscriber) {
        postponed.append(subscriber)
    }

    func noteSlow() {
        hub.statistics.noteSlow()
    }
}
