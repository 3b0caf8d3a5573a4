/// The names of what Celery keeps in Redis (contracts/socketio.md §8).
enum CeleryKeys {
    /// What stands between the parts of a name.
    static let separator = "\u{06}\u{16}"
    /// The hash of messages that workers hold and have not acknowledged, by delivery tag.
    static let unacknowledged = "unacked"
    /// The lists of a queue beside its first, by Celery's priority: 0 is the greatest.
    static let steps = [0, 3, 6, 9]

    /// Celery's priority for ours: 0 for 0 and above, so that the default is Celery's own, then 3, 6 and 9.
    static func step(priority: Int) -> Int {
        switch priority {
        case 0...: 0
        case (-33)...: 3
        case (-66)...: 6
        default: 9
        }
    }

    /// The list that holds a queue's messages of one priority.
    static func list(queue: String, step: Int) -> String {
        step == 0 ? queue : "\(queue)\(separator)\(step)"
    }

    /// The key of a result, and the channel on which it is published.
    static func result(_ id: String) -> String { "celery-task-meta-\(id)" }

    /// Our own mark that a message was put into its queue.
    static func mark(_ id: String) -> String { "vitrine-celery-\(id)" }

    /// The channel on which all workers of a database listen for commands.
    static func commands(database: Int) -> String { "/\(database).celery.pidbox" }

    /// The set that says which lists get replies to commands.
    static let replyBinding = "_kombu.binding.reply.celery.pidbox"

    /// The list that gets the replies for `owner`.
    static func replies(_ owner: String) -> String { "\(owner).reply.celery.pidbox" }

    /// The member of ``replyBinding`` that leads `owner`'s replies to their list.
    static func replyMember(_ owner: String) -> String {
        owner + separator + separator + replies(owner)
    }
}
