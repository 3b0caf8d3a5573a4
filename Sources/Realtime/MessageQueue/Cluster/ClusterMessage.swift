package import Domain
package import OrderedCollections

/// What servers of ours tell one another, as events in a namespace of their own on the message queue.
///
/// Other programs on the queue pass over it, since none of their clients is in that namespace. Every message but
/// ``Body/beat`` has the next number of its sender, so a receiver notices what it has missed and asks for the state.
package struct ClusterMessage: Hashable, Sendable {
    /// What is said.
    package enum Body: Hashable, Sendable {
        /// The sender is on the queue (again); its state follows, and it wants that of everyone else.
        case hello
        /// The process `host` is to tell its state anew.
        case ask(host: String)
        /// One part of the sender's state, as it was when the first part was sent.
        case state(StatePart)
        /// What has changed at the sender since, in order.
        case changes([ClusterChange])
        /// The sender is alive, and has sent so many messages.
        case beat
        /// The sender goes.
        case bye
        /// The server of this name is to cancel a task of its own.
        case cancel(task: String, server: String)
    }

    /// Some of what is going on at a server.
    package struct StatePart: Hashable, Sendable {
        /// Counts from 0.
        package var index: Int
        package var isLast: Bool
        /// Whether no queued task had to be left out of the state.
        package var isWhole = true
        package var clients: [ClientRecord] = []
        /// The unfinished tasks and the last finished ones.
        package var tasks: [TaskRecord] = []
        /// What the server's Socket.IO clients have been told of running tasks (``RelayBoard``).
        package var relays: OrderedDictionary<String, OrderedDictionary<String, JSON>> = [:]

        package init(index: Int, isLast: Bool) {
            self.index = index
            self.isLast = isLast
        }
    }

    /// The namespace of these messages.
    package static let namespace = "/vitrine"
    /// The room they are sent to.
    package static let room = "servers"
    /// The version of this language; messages of another are passed over.
    static let version = 1
    /// The greatest number of clients, tasks or changes in one message.
    package static let itemsLimit = 1_000

    /// The sender's name, which outlives its process.
    package var server: String
    /// The message's own number, from 1; of a ``Body/beat`` that of the last message before it.
    package var number: Int
    /// How many events for clients the sender has put on the queue so far; so a lost one is noticed too.
    package var emits: Int
    package var body: Body

    package init(_ body: Body, server: String, number: Int, emits: Int = 0) {
        self.body = body
        self.server = server
        self.number = number
        self.emits = emits
    }
}
