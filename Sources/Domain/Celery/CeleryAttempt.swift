/// One attempt at one task, as far as it has got on Celery.
struct CeleryAttempt {
    /// How far our part in it is.
    enum Stage: Hashable {
        /// Redis does not have it yet, or was never heard to have it.
        case unsent
        /// On its way to Redis.
        case sending
        /// In a queue, with a worker, or lost.
        case watched
        /// To be taken back as soon as Redis is there.
        case unwanted
        /// Being taken back.
        case revoking
        /// The engine has been told how it ended.
        case ended
    }

    let id: String
    let offer: TaskOffer
    let queue: String
    let list: String
    let message: [UInt8]
    var stage: Stage
    /// Whether Redis may have got the message.
    var wasSent: Bool
    var isAccepted: Bool
    /// Since when it has been nowhere; `nil` while it is known, or must be believed, to be somewhere.
    var missingSince: Milliseconds?
    /// The worker that was last seen running it.
    var worker: String?

    var ticket: TaskTicket { offer.lease.ticket }

    /// Whether it is to be looked for.
    var isWatched: Bool { stage == .watched }
}
