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
    /// A session with the number of its entry, which tells it from a later one at the same place in memory.
    private(set) var sessions: [ObjectIdentifier: (session: any ShardMember, number: Int)] = [:]
    private var lastNumber = 0
    private var pending: Deque<EventFrame> = []
    private(set) var isDraining = false
    private var postponed: [Ticket] = []
    private var groups: [Set<Topic>: SubscriberGroup] = [:]
    private var groupsOfTopic: [Topic: [SubscriberGroup]] = [:]
    /// The only member of each room that has one: they would make a group of each of them.
    private var addressees: [Topic: Subscriber] = [:]

    init(loop: any SessionLoop, hub: Hub) {
        self.loop = loop
        self.hub = hub
        mailbox = Mailbox(loop: loop)
    }

    var epoch: String { hub.journal.epoch }

    // MARK: - Sessions

    /// Names a session that may be gone by the time it is looked for.
    struct Ticket: Hashable, Sendable {
        fileprivate let id: ObjectIdentifier
        fileprivate let number: Int
    }

    /// Adds a session to those that are told of time and shutdown; on the loop.
    package func join(_ session: any ShardMember) {
        lastNumber += 1
        sessions[ObjectIdentifier(session)] = (session, lastNumber)
        sessionCount.add(1, ordering: .sequentiallyConsistent)
    }

    /// Removes a session; on the loop.
    package func leave(_ session: any ShardMember) {
        if sessions.removeValue(forKey: ObjectIdentifier(session)) != nil {
            sessionCount.subtract(1, ordering: .sequentiallyConsistent)
        }
    }

    /// A name for the session by which ``reach(_:_:)`` finds it as long as it has not left.
    func ticket(of session: any ShardMember) -> Ticket {
        let id = ObjectIdentifier(session)
        return Ticket(id: id, number: sessions[id]?.number ?? 0)
    }

    /// Runs `body` on the loop with the session, unless it has left.
    func reach(_ ticket: Ticket, _ body: @escaping @Sendable (any ShardMember) -> Void) {
        loop.execute { [self] in if let member = member(ticket) { body(member) } }
    }

    /// The member of this name, unless it has left; on the loop.
    func member(_ ticket: Ticket) -> (any ShardMember)? {
        guard let (session, number) = sessions[ticket.id], number == ticket.number else { return nil }
        return session
    }

    func tick() {
        let now = loop.now
        for (session, _) in Array(sessions.values) { session.tick(now: now) }
    }

    func shutDown() {
        for (session, _) in Array(sessions.values) { session.shutDown() }
    }

    /// Cuts every connection that is left.
    func abandon() {
        for (session, _) in Array(sessions.values) { session.abandon() }
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

    /// Has messages to a room reach one subscriber besides those whose topic it is, or no longer anyone.
    func address(_ room: Topic, to subscriber: Subscriber?) {
        addressees[room] = subscriber
    }

    // MARK: - Events

    /// Hands an event over; called in the journal's lock, from any thread, in growing order of offsets.
    func post(_ frame: EventFrame) {
        // A session that joins later reads its snapshot at this event or after it, and misses nothing.
        guard sessionCount.load(ordering: .sequentiallyConsistent) > 0 else { return }
        mailbox.post(frame) { [self] in drain() }
    }

    /// Delivers what has been posted, up to and including `offset`; on the loop, never from inside a delivery.
    func drain(through offset: Int = .max) {
        assert(!isDraining, "sessions put off what they want to do during a drain")
        isDraining = true
        pending.append(contentsOf: mailbox.takeAll())
        var touched: [SubscriberGroup] = []
        while let frame = pending.first, frame.offset <= offset {
            pending.removeFirst()
            for topic in frame.topics {
                for group in groupsOfTopic[topic] ?? [] where group.collect(frame) { touched.append(group) }
            }
            if !addressees.isEmpty {
                for topic in frame.topics { if let subscriber = addressees[topic] { deliver(frame, to: subscriber) } }
            }
        }
        for group in touched { group.deliver(contexts: contexts) }
        isDraining = false
        if !pending.isEmpty { loop.execute { [self] in drain() } }
    }

    /// Delivers an event to one subscriber, behind those that its group has got.
    private func deliver(_ frame: EventFrame, to subscriber: Subscriber) {
        if let group = subscriber.group {
            guard !group.hasCollected(frame) else { return }
            group.deliver(contexts: contexts)
        }
        subscriber.deliver(frame)
    }

    /// Tells a session that it is writable after the present drain.
    ///
    /// A socket may become writable in the middle of one. What the session does then might overtake the events of the
    /// drain, or subscribe in the middle of another's subscription, so it waits for a turn of its own.
    func postpone(_ session: any ShardMember) {
        postponed.append(ticket(of: session))
        guard postponed.count == 1 else { return }
        loop.execute { [self] in
            let tickets = postponed
            postponed = []
            for ticket in tickets { member(ticket)?.writable() }
        }
    }

    func noteSlow() {
        hub.statistics.noteSlow()
    }
}
