import OrderedCollections
import Testing

@testable import Domain

/// What follows from what is heard of tasks on Celery.
@Suite struct CeleryBookTests {
    private static let lostAfter = 1_000

    private var offer: TaskOffer { .sample("t") }
    private var id: String { offer.celeryID }
    private var ticket: TaskTicket { offer.lease.ticket }
    private var whole: CeleryInspection {
        var inspection = CeleryInspection()
        inspection.isComplete = true
        return inspection
    }

    private func book(isConnected: Bool = true) -> CeleryBook {
        var book = CeleryBook(
            routes: [CeleryRoute(name: "x", queue: "q", task: "app.x")],
            endpoint: "http://h/worker",
            origin: "v",
            lostAfter: Self.lostAfter
        )
        if isConnected { #expect(book.connected() == []) }
        return book
    }

    /// A book with one task that Redis has.
    private func enqueued(_ offer: TaskOffer? = nil) -> CeleryBook {
        var book = book()
        let offer = offer ?? self.offer
        _ = book.offered(offer)
        book.enqueued(offer.celeryID, isTaken: true)
        return book
    }

    private func message(_ offer: TaskOffer) -> [UInt8] {
        let route = CeleryRoute(name: "x", queue: "q", task: "app.x")
        let record = offer.record
        return CeleryMessage(
            id: offer.celeryID,
            route: route,
            record: record,
            endpoint: "http://h/worker",
            origin: "v"
        ).encoded
    }

    private func active(_ id: String, on worker: String = "w") -> CeleryInspection {
        var inspection = whole
        inspection.take(.active, .object([worker: [["id": .string(id)]]]))
        return inspection
    }

    // MARK: - Enqueuing

    @Test("an offer is listened for and enqueued, and not accepted before it runs")
    func offered() {
        var book = book()
        #expect(book.offered(offer) == [.watch(id), .enqueue(id: id, list: "q", message: message(offer))])
        book.enqueued(id, isTaken: true)
        #expect(book.hasWaiting)
        #expect(book.task(id) == "t")
    }

    @Test("a task without a route is rejected")
    func unrouted() {
        var book = book()
        let other = TaskOffer.sample("t", name: "y")
        #expect(book.offered(other) == [.reject(other.lease.ticket, "y is not routed to Celery")])
        #expect(book.attempts.isEmpty)
    }

    @Test("what is offered while Redis is away goes out when it comes back, in the order of creation")
    func away() {
        var book = book(isConnected: false)
        #expect(book.offered(offer) == [.watch(id)])
        #expect(!book.hasWaiting)
        #expect(book.connected() == [.enqueue(id: id, list: "q", message: message(offer))])
    }

    @Test("what Redis may have got is sent again, which its mark makes harmless")
    func unknown() {
        var book = book()
        _ = book.offered(offer)
        book.enqueued(id, isTaken: false)
        book.away()
        #expect(book.connected() == [.enqueue(id: id, list: "q", message: message(offer))])
        book.away()
        #expect(book.connected() == [.enqueue(id: id, list: "q", message: message(offer))])
        book.enqueued(id, isTaken: true)
        book.away()
        #expect(book.connected() == [.read(id)])
    }

    @Test("what Redis refused is tried again")
    func refused() {
        var book = book()
        _ = book.offered(offer)
        book.enqueued(id, isTaken: false)
        #expect(book.tryAgain() == [.enqueue(id: id, list: "q", message: message(offer))])
        #expect(book.tryAgain() == [])
    }

    @Test("a task that ran before the server was restarted is watched, not enqueued")
    func resumed() {
        var book = book(isConnected: false)
        let running = TaskOffer.sample("t", attempt: 2, isAccepted: true)
        #expect(book.offered(running) == [.watch(running.celeryID)])
        #expect(book.connected() == [.read(running.celeryID)])
        #expect(book.looked(active(running.celeryID)) == [])
        #expect(
            book.heard(running.celeryID, .success(1), isNews: false)
                == [.done(id: running.celeryID, running.lease.ticket, 1)]
        )
    }

    @Test("another attempt at a task has the former one revoked")
    func replaced() {
        var book = enqueued()
        let second = TaskOffer.sample("t", attempt: 2)
        #expect(
            book.offered(second) == [
                .revoke(id: id, list: "q", message: message(offer)), .unwatch(id), .forget(id),
                .watch(second.celeryID),
                .enqueue(id: second.celeryID, list: "q", message: message(second)),
            ]
        )
        #expect(book.attempts.count == 1 && book.task(second.celeryID) == "t")
    }

    @Test("the same attempt offered anew is the same task on Celery")
    func offeredAgain() {
        var book = enqueued()
        let again = TaskOffer.sample("t", secret: "other")
        #expect(book.offered(again) == [.read(id), .enqueue(id: id, list: "q", message: message(again))])
        #expect(
            book.heard(id, .success(1), isNews: true) == [
                .accept(again.lease.ticket), .done(id: id, again.lease.ticket, 1),
            ]
        )
    }

    // MARK: - Results

    @Test("a result accepts what was not seen to run, and ends it")
    func success() {
        var book = enqueued()
        #expect(book.heard(id, .success(["a": 1]), isNews: true) == [.accept(ticket), .done(id: id, ticket, ["a": 1])])
        #expect(book.heard(id, .success(2), isNews: true) == [])
        #expect(book.ended(id, .success(())) == [.unwatch(id), .forget(id)])
        #expect(book.attempts.isEmpty)
        #expect(book.ended(id, .success(())) == [])
    }

    @Test("a failure leaves its traceback in the log")
    func failure() {
        var book = enqueued()
        let failure = TaskRecord.Failure(code: "ValueError", message: "boom")
        #expect(
            book.heard(id, .failure(failure, traceback: "T"), isNews: true)
                == [.accept(ticket), .log(ticket, .error, "T"), .fail(id: id, ticket, failure)]
        )
    }

    @Test("a task that others revoked has failed")
    func revokedElsewhere() {
        var book = enqueued()
        let failure = TaskRecord.Failure(code: "revoked", message: "it was revoked on Celery")
        #expect(book.heard(id, .revoked, isNews: true) == [.accept(ticket), .fail(id: id, ticket, failure)])
    }

    @Test("a process that died gives the task back")
    func workerLost() {
        var book = enqueued()
        #expect(
            book.heard(id, .workerLost("signal 9"), isNews: true) == [
                .accept(ticket), .log(ticket, .error, "signal 9"), .release(ticket), .unwatch(id), .forget(id),
            ]
        )
        #expect(book.attempts.isEmpty)
    }

    @Test("a start is accepted once, progress is passed on, and waiting is no news")
    func started() {
        var book = enqueued()
        let progress = TaskRecord.Progress(current: 1, total: 2, message: "")
        #expect(book.heard(id, .pending, isNews: true) == [])
        #expect(book.heard(id, .started(nil), isNews: true) == [.accept(ticket)])
        #expect(book.heard(id, .started(progress), isNews: true) == [.progress(ticket, progress)])
        #expect(book.looked(active(id)) == [])
        #expect(!book.hasWaiting)
    }

    @Test("a result that comes before Redis's own answer counts")
    func early() {
        var book = book()
        _ = book.offered(offer)
        #expect(book.heard(id, .success(1), isNews: true) == [.accept(ticket), .done(id: id, ticket, 1)])
        book.enqueued(id, isTaken: false)
        #expect(book.tryAgain() == [])
    }

    @Test("a result that is too large fails the task; what was not written is looked for again")
    func unwritten() {
        var book = enqueued()
        _ = book.heard(id, .success(1), isNews: true)
        let answer = book.ended(id, .failure(.resultTooLarge))
        guard case .fail(id, ticket, let failure)? = answer.first else {
            Issue.record("\(answer)")
            return
        }
        #expect(failure.code == "result_too_large")
        #expect(book.ended(id, .failure(.shuttingDown)) == [])
        #expect(book.watched.map(\.id) == [id])
        #expect(book.heard(id, .success(1), isNews: false) == [.done(id: id, ticket, 1)])
        #expect(book.ended(id, .failure(.leaseLost)) == [.unwatch(id), .forget(id)])
    }

    @Test("words about unknown ids mean nothing")
    func strangers() {
        var book = enqueued()
        #expect(book.heard("other", .success(1), isNews: true) == [])
        #expect(book.looked(active("other")) == [])
        #expect(book.revoked("other", isDone: true) == [])
        book.enqueued("other", isTaken: true)
        #expect(book.cancelled(TaskTicket(task: "t", lease: "not its", client: "celery")) == [])
        #expect(book.attempts.count == 1)
    }

    // MARK: - Cancelling

    @Test("a cancelled task is taken back, then the engine is told, then it is forgotten")
    func cancelled() {
        var book = enqueued()
        #expect(book.cancelled(ticket) == [.revoke(id: id, list: "q", message: message(offer))])
        #expect(book.heard(id, .success(1), isNews: true) == [])
        let failure = TaskRecord.Failure(code: "cancelled", message: "it was cancelled")
        #expect(book.revoked(id, isDone: true) == [.fail(id: id, ticket, failure)])
        #expect(book.ended(id, .failure(.leaseLost)) == [.unwatch(id), .forget(id)])
    }

    @Test("a task that was never sent needs no taking back")
    func cancelledUnsent() {
        var book = book(isConnected: false)
        _ = book.offered(offer)
        let failure = TaskRecord.Failure(code: "cancelled", message: "it was cancelled")
        #expect(book.cancelled(ticket) == [.fail(id: id, ticket, failure)])
    }

    @Test("a task that is cancelled while Redis is away is taken back later, and never sent again")
    func cancelledAway() {
        var book = enqueued()
        book.away()
        #expect(book.cancelled(ticket) == [])
        #expect(book.connected() == [.revoke(id: id, list: "q", message: message(offer))])
        #expect(book.revoked(id, isDone: false) == [])
        book.away()
        #expect(book.connected() == [.revoke(id: id, list: "q", message: message(offer))])
    }

    @Test("what Redis would not take back is taken back at the next try")
    func cancelledAgain() {
        var book = enqueued()
        let revoke = CeleryAction.revoke(id: id, list: "q", message: message(offer))
        #expect(book.cancelled(ticket) == [revoke])
        #expect(book.revoked(id, isDone: false) == [])
        // The other half of it got through; the whole is made again.
        #expect(book.revoked(id, isDone: true) == [])
        #expect(book.tryAgain() == [revoke])
        #expect(book.tryAgain() == [])
    }

    // MARK: - Losing

    @Test("what is nowhere for too long is released, what was seen again is not")
    func lost() {
        var book = enqueued()
        _ = book.looked(active(id))
        #expect(book.searched(whole, found: [], isWhole: true, among: [id], now: 0) == [.read(id)])
        #expect(book.searched(whole, found: [], isWhole: true, among: [id], now: 999) == [.read(id)])
        #expect(book.searched(active(id), found: [], isWhole: true, among: [], now: 1_000) == [.read(id)])
        #expect(book.searched(whole, found: [], isWhole: true, among: [id], now: 1_001) == [.read(id)])
        #expect(book.searched(whole, found: [id], isWhole: true, among: [id], now: 1_500) == [])
        #expect(book.searched(whole, found: [], isWhole: true, among: [id], now: 2_000) == [.read(id)])
        #expect(
            book.searched(whole, found: [], isWhole: true, among: [id], now: 3_000) == [
                .log(ticket, .warning, "no Celery worker, queue or result knows it any more"),
                .revoke(id: id, list: "q", message: message(offer)), .release(ticket), .unwatch(id), .forget(id),
            ]
        )
    }

    @Test("a task that vanished from its queue counts as an attempt")
    func lostUnseen() {
        var book = enqueued()
        _ = book.searched(whole, found: [], isWhole: true, among: [id], now: 0)
        let actions = book.searched(whole, found: [], isWhole: true, among: [id], now: 1_000)
        #expect(actions.first == .accept(ticket))
        #expect(actions.contains(.release(ticket)))
    }

    @Test("held by a worker, in a queue too long to be seen whole, or not sought, it is not missing")
    func notLost() {
        var held = whole
        held.take(.reserved, ["w": [["id": .string(id)]]])
        for (inspection, isWhole, sought) in [(held, true, Set<String>()), (whole, false, [id]), (whole, true, [])] {
            var book = enqueued()
            for now in stride(from: 0, to: 10_000, by: 500) {
                let actions = book.searched(inspection, found: [], isWhole: isWhole, among: sought, now: now)
                #expect(!actions.contains(.release(ticket)))
            }
        }
    }

    @Test("a worker that does not answer may still run it; one that answers without it does not")
    func silentWorker() {
        for (answering, isLost) in [([], false), (["other"], false), (["w"], true), (["w", "other"], true)] {
            var book = enqueued()
            _ = book.looked(active(id, on: "w"))
            var partial = CeleryInspection()
            for worker in answering { partial.take(.active, .object([worker: []])) }
            _ = book.searched(partial, found: [], isWhole: true, among: [id], now: 0)
            let actions = book.searched(partial, found: [], isWhole: true, among: [id], now: 5_000)
            #expect(actions.contains(.release(ticket)) == isLost, "\(answering)")
        }
    }

    @Test("the time that Redis is away does not count")
    func awayIsNotLost() {
        var book = enqueued()
        _ = book.searched(whole, found: [], isWhole: true, among: [id], now: 0)
        book.away()
        _ = book.connected()
        #expect(book.searched(whole, found: [], isWhole: true, among: [id], now: 5_000) == [.read(id)])
    }

    @Test("an old result is no sign of life, a new one is")
    func news() {
        var book = enqueued()
        _ = book.searched(whole, found: [], isWhole: true, among: [id], now: 0)
        _ = book.heard(id, .started(nil), isNews: true)
        #expect(book.searched(whole, found: [], isWhole: true, among: [id], now: 1_000) == [.read(id)])
        _ = book.heard(id, .started(nil), isNews: false)
        #expect(book.searched(whole, found: [], isWhole: true, among: [id], now: 2_000).contains(.release(ticket)))
    }
}
