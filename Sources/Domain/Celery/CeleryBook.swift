/// What the server has on Celery, and what follows from what is heard of it; without I/O and without a clock.
///
/// Its verbs return what is to be done, in order. Each attempt at a task has its own id on Celery, so nothing runs
/// twice unless it was lost first.
struct CeleryBook {
    private(set) var attempts: [String: CeleryAttempt] = [:]
    /// The ids by our tasks' own.
    private var ids: [String: String] = [:]
    private let routes: [String: CeleryRoute]
    private let endpoint: String
    private let origin: String
    /// How long an attempt may be nowhere before it counts as lost.
    private let lostAfter: Milliseconds
    private(set) var isConnected = false

    /// An empty book; `endpoint` is the address that VFrame's tasks report to, `origin` our name in messages.
    init(routes: [CeleryRoute], endpoint: String, origin: String, lostAfter: Milliseconds) {
        self.routes = Dictionary(routes.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        self.endpoint = endpoint
        self.origin = origin
        self.lostAfter = lostAfter
    }

    /// Our task behind an id on Celery.
    func task(_ id: String) -> String? { attempts[id]?.ticket.task }

    /// Whether one is in Redis that has not been seen to run.
    var hasWaiting: Bool { attempts.values.contains { $0.isWatched && !$0.isAccepted } }

    /// The attempts to look for.
    var watched: [CeleryAttempt] { attempts.values.filter(\.isWatched).sorted { $0.id < $1.id } }

    // MARK: - From the engine

    /// Takes an attempt over: puts it into its queue, or watches it when it ran before the server was restarted.
    mutating func offered(_ offer: TaskOffer) -> [CeleryAction] {
        let record = offer.record
        guard let route = routes[record.name] else {
            return [.reject(offer.lease.ticket, "\(record.name) is not routed to Celery")]
        }
        let id = CeleryIdentifier.make(task: record.id, created: record.created, attempt: offer.lease.attempt)
        let message = CeleryMessage(id: id, route: route, record: record, endpoint: endpoint, origin: origin)
        let hasRun = offer.lease.isAccepted
        var attempt = CeleryAttempt(
            id: id,
            offer: offer,
            queue: route.queue,
            list: message.list,
            message: message.encoded,
            stage: hasRun ? .watched : .unsent,
            wasSent: hasRun,
            isAccepted: hasRun
        )
        var actions: [CeleryAction] = []
        if let old = ids[record.id].flatMap({ attempts[$0] }), old.id != id {
            // Somebody else has ended that attempt; it must not run beside this one.
            if old.wasSent { actions.append(.revoke(id: old.id, list: old.list, message: old.message)) }
            actions += remove(old.id)
        }
        actions.append(attempts[id] == nil ? .watch(id) : .read(id))
        ids[record.id] = id
        if !hasRun, isConnected { actions.append(Self.enqueue(&attempt)) }
        attempts[id] = attempt
        return actions
    }

    /// Takes a task back that was cancelled.
    mutating func cancelled(_ ticket: TaskTicket) -> [CeleryAction] {
        guard let id = ids[ticket.task], var attempt = attempts[id], attempt.ticket == ticket, attempt.stage != .ended
        else { return [] }
        defer { attempts[id] = attempt }
        guard attempt.wasSent else { return [Self.cancel(&attempt)] }
        guard isConnected else {
            attempt.stage = .unwanted
            return []
        }
        return [Self.revoke(&attempt)]
    }

    /// Takes the engine's answer to ``CeleryAction/done(id:_:_:)`` or ``CeleryAction/fail(id:_:_:)``.
    ///
    /// What it could not write is found again by the next look.
    mutating func ended(_ id: String, _ answer: Result<Void, TaskError>) -> [CeleryAction] {
        guard attempts[id]?.stage == .ended else { return [] }
        switch answer {
        case .success, .failure(.leaseLost): return remove(id)
        case .failure(.resultTooLarge):
            guard let attempt = attempts[id] else { return [] }
            let message = "the result has more than \(TaskResult.limit) bytes"
            return [.fail(id: id, attempt.ticket, TaskRecord.Failure(code: "result_too_large", message: message))]
        case .failure:
            attempts[id]?.stage = .watched
            return []
        }
    }

    // MARK: - From Redis

    /// Notes that Redis is there: what waited for it goes out.
    mutating func connected() -> [CeleryAction] {
        isConnected = true
        var actions: [CeleryAction] = []
        for id in inOrder {
            guard var attempt = attempts[id] else { continue }
            // What happened meanwhile could not be seen.
            attempt.missingSince = nil
            switch attempt.stage {
            case .unsent: actions.append(Self.enqueue(&attempt))
            case .unwanted: actions.append(Self.revoke(&attempt))
            case .watched: actions.append(.read(id))
            case .sending, .revoking, .ended: break
            }
            attempts[id] = attempt
        }
        return actions
    }

    /// Notes that Redis is away.
    mutating func away() {
        isConnected = false
        for (id, attempt) in attempts {
            if attempt.stage == .sending { attempts[id]?.stage = .unsent }
            if attempt.stage == .revoking { attempts[id]?.stage = .unwanted }
        }
    }

    /// Notes whether Redis took a message.
    mutating func enqueued(_ id: String, isTaken: Bool) {
        guard attempts[id]?.stage == .sending || (isTaken && attempts[id]?.stage == .unsent) else { return }
        attempts[id]?.stage = isTaken ? .watched : .unsent
    }

    /// Tries again what Redis refused or had no room for: to take tasks, and to take them back.
    mutating func tryAgain() -> [CeleryAction] {
        guard isConnected else { return [] }
        var actions: [CeleryAction] = []
        for id in inOrder {
            guard var attempt = attempts[id] else { continue }
            switch attempt.stage {
            case .unsent: actions.append(Self.enqueue(&attempt))
            case .unwanted: actions.append(Self.revoke(&attempt))
            case .sending, .watched, .revoking, .ended: continue
            }
            attempts[id] = attempt
        }
        return actions
    }

    /// Notes whether a task was taken back.
    mutating func revoked(_ id: String, isDone: Bool) -> [CeleryAction] {
        guard var attempt = attempts[id], attempt.stage == .revoking else { return [] }
        defer { attempts[id] = attempt }
        guard isDone else {
            attempt.stage = .unwanted
            return []
        }
        return [Self.cancel(&attempt)]
    }

    /// Takes what the result backend says; `isNews` tells what it says now from what it has kept.
    mutating func heard(_ id: String, _ result: CeleryResult, isNews: Bool) -> [CeleryAction] {
        guard var attempt = attempts[id], [.unsent, .sending, .watched].contains(attempt.stage) else { return [] }
        defer { if attempts[id] != nil { attempts[id] = attempt } }
        attempt.wasSent = true
        if attempt.stage == .unsent { attempt.stage = .watched }
        if isNews { attempt.missingSince = nil }
        if case .pending = result { return [] }
        var actions = Self.accept(&attempt)
        switch result {
        case .pending: break
        case .started(let progress):
            if let progress { actions.append(.progress(attempt.ticket, progress)) }
        case .success(let value):
            attempt.stage = .ended
            actions.append(.done(id: id, attempt.ticket, value))
        case .failure(let failure, let traceback):
            attempt.stage = .ended
            if let traceback, !traceback.isEmpty { actions.append(.log(attempt.ticket, .error, traceback)) }
            actions.append(.fail(id: id, attempt.ticket, failure))
        case .revoked:
            attempt.stage = .ended
            let failure = TaskRecord.Failure(code: "revoked", message: "it was revoked on Celery")
            actions.append(.fail(id: id, attempt.ticket, failure))
        case .workerLost(let reason):
            actions.append(.log(attempt.ticket, .error, reason))
            actions.append(.release(attempt.ticket))
            return actions + remove(id)
        }
        return actions
    }

    /// Takes what the workers say they run: who runs has begun.
    mutating func looked(_ inspection: CeleryInspection) -> [CeleryAction] {
        var actions: [CeleryAction] = []
        for (id, worker) in inspection.activeTasks.sorted(by: { $0.key < $1.key }) {
            guard var attempt = attempts[id], attempt.isWatched else { continue }
            attempt.worker = worker
            attempt.missingSince = nil
            actions += Self.accept(&attempt)
            attempts[id] = attempt
        }
        return actions
    }

    /// Takes the outcome of a search in all places where a task can be; what is nowhere for too long is lost.
    ///
    /// `found` are those of `sought` that are with no worker, yet somewhere; `isWhole` says whether the queues were
    /// looked through to their ends. A task whose worker has not answered may still run there and is not lost.
    mutating func searched(
        _ inspection: CeleryInspection,
        found: Set<String>,
        isWhole: Bool,
        among sought: Set<String>,
        now: Milliseconds
    ) -> [CeleryAction] {
        var actions = looked(inspection)
        let (active, held) = (inspection.activeTasks, inspection.heldTasks)
        for attempt in watched {
            // A worker that has lost its connection for a while may go on listing what is over.
            guard active[attempt.id] == nil else {
                actions.append(.read(attempt.id))
                continue
            }
            if held.contains(attempt.id) || found.contains(attempt.id) {
                attempts[attempt.id]?.missingSince = nil
                continue
            }
            guard sought.contains(attempt.id) else { continue }
            if !isWhole || mayRunUnseen(attempt, inspection) {
                attempts[attempt.id]?.missingSince = nil
            } else if let since = attempt.missingSince, now - since >= lostAfter {
                actions += lose(attempt)
                continue
            } else if attempt.missingSince == nil {
                attempts[attempt.id]?.missingSince = now
            }
            // It may have ended between two looks, or its end could not be written the first time.
            actions.append(.read(attempt.id))
        }
        return actions
    }

    private func mayRunUnseen(_ attempt: CeleryAttempt, _ inspection: CeleryInspection) -> Bool {
        guard !inspection.isComplete else { return false }
        return attempt.worker.map { !inspection.workers.contains($0) } ?? true
    }

    // MARK: - Steps

    /// Ids in the order in which their tasks were made.
    private var inOrder: [String] {
        attempts.values.sorted { ($0.offer.record.created, $0.id) < ($1.offer.record.created, $1.id) }.map(\.id)
    }

    private mutating func lose(_ attempt: CeleryAttempt) -> [CeleryAction] {
        var attempt = attempt
        var actions = Self.accept(&attempt)
        let reason = "no Celery worker, queue or result knows it any more"
        actions.append(.log(attempt.ticket, .warning, reason))
        // Should it turn up after all, it must not run beside the next attempt.
        actions.append(.revoke(id: attempt.id, list: attempt.list, message: attempt.message))
        actions.append(.release(attempt.ticket))
        return actions + remove(attempt.id)
    }

    private mutating func remove(_ id: String) -> [CeleryAction] {
        guard let attempt = attempts.removeValue(forKey: id) else { return [] }
        if ids[attempt.ticket.task] == id { ids[attempt.ticket.task] = nil }
        return [.unwatch(id), .forget(id)]
    }

    private static func enqueue(_ attempt: inout CeleryAttempt) -> CeleryAction {
        attempt.stage = .sending
        attempt.wasSent = true
        return .enqueue(id: attempt.id, list: attempt.list, message: attempt.message)
    }

    private static func revoke(_ attempt: inout CeleryAttempt) -> CeleryAction {
        attempt.stage = .revoking
        return .revoke(id: attempt.id, list: attempt.list, message: attempt.message)
    }

    /// The answer that the engine waits for after it has cancelled a task.
    private static func cancel(_ attempt: inout CeleryAttempt) -> CeleryAction {
        attempt.stage = .ended
        let failure = TaskRecord.Failure(code: "cancelled", message: "it was cancelled")
        return .fail(id: attempt.id, attempt.ticket, failure)
    }

    private static func accept(_ attempt: inout CeleryAttempt) -> [CeleryAction] {
        guard !attempt.isAccepted else { return [] }
        attempt.isAccepted = true
        return [.accept(attempt.ticket)]
    }
}
