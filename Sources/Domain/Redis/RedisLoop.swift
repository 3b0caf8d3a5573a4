import DequeModule

#if canImport(Glibc)
    import CGlibc
    import Glibc
#else
    import Darwin
#endif

/// What a connection's thread does: connect, sign in, write, read, give up in time, and try again.
///
/// Made and used on that thread only.
final class RedisLoop {
    enum Phase {
        /// Trying again at this time.
        case resting(until: Milliseconds)
        /// Waiting for the socket to connect.
        case connecting
        /// Connected; signing in.
        case greeting
        case ready
    }

    /// A command whose answer has not come.
    private struct Pending {
        let sent: Milliseconds
        let size: Int
        let then: (Result<RedisValue, RedisError>) -> Void
    }

    private let purpose: RedisConnection.Purpose
    private let address: RedisAddress
    private let configuration: RedisConfiguration
    private let onState: (RedisState, String) -> Void
    private(set) var phase = Phase.resting(until: .min)
    private var link: RedisLink?
    /// By when the connection must be ready.
    private var readyBy: Milliseconds = 0
    private var backoff: RedisBackoff
    private var pending: Deque<Pending> = []
    private var pendingBytes = 0
    private var isFlushed = true
    /// When something last came in or went out.
    private var lastTraffic: Milliseconds = 0
    private var isClosed = false
    var channels = RedisChannels()

    init(
        _ purpose: RedisConnection.Purpose,
        address: RedisAddress,
        configuration: RedisConfiguration,
        onState: @escaping (RedisState, String) -> Void
    ) {
        self.purpose = purpose
        self.address = address
        self.configuration = configuration
        self.onState = onState
        backoff = RedisBackoff(configuration)
    }

    /// Runs until it is told to close; `takeOrders` is asked each time `wake` woke the thread.
    func run(_ wake: WakePipe, takeOrders: () -> [RedisConnection.Order]) {
        // Writing to a connection that was reset must be an error, not the end of the process.
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGPIPE)
        pthread_sigmask(SIG_BLOCK, &signals, nil)
        while !isClosed {
            for order in takeOrders() { obey(order) }
            keepTime(configuration.now())
            flush()
            guard !isClosed else { break }
            wait(wake)
        }
        lose("closed")
    }

    private func obey(_ order: RedisConnection.Order) {
        switch order {
        case .send(let command, let then): send(command, then)
        case .subscribe(let subscription):
            for channel in channels.add(subscription) { listen(channel) }
        case .unsubscribe(let subscription):
            for channel in channels.remove(subscription) where isReady {
                send(RedisCommand("UNSUBSCRIBE", channel)) { _ in }
            }
        case .close: isClosed = true
        }
    }

    private var isReady: Bool {
        if case .ready = phase { true } else { false }
    }

    // MARK: - Commands

    private func send(_ command: RedisCommand, _ then: @escaping (Result<RedisValue, RedisError>) -> Void) {
        guard isReady, let link else { return then(.failure(.away)) }
        guard pending.count < configuration.maxPending, pendingBytes + command.size <= configuration.maxPendingBytes
        else { return then(.failure(.busy)) }
        put(command, on: link, then)
    }

    private func put(
        _ command: RedisCommand,
        on link: RedisLink,
        _ then: @escaping (Result<RedisValue, RedisError>) -> Void
    ) {
        do throws(RedisLink.Failure) {
            try link.append(command)
        } catch {
            then(.failure(.away))
            return lose(error.message)
        }
        pending.append(Pending(sent: configuration.now(), size: command.size, then: then))
        pendingBytes += command.size
        isFlushed = false
    }

    private func listen(_ channel: String) {
        guard isReady else { return }
        let serial = channels.asked(channel)
        send(RedisCommand("SUBSCRIBE", channel)) { [self] result in
            if case .success = result { channels.confirm(channel, serial) }
        }
    }

    // MARK: - Connecting

    private func connect(_ now: Milliseconds) {
        readyBy = now + configuration.connectTimeout
        do throws(RedisLink.Failure) {
            link = try RedisLink(address.place)
            phase = .connecting
        } catch {
            lose(error.message)
        }
    }

    private func greet() {
        guard let link else { return }
        do throws(RedisLink.Failure) {
            try link.finishConnecting()
        } catch {
            return lose(error.message)
        }
        phase = .greeting
        if let password = address.password {
            let command = address.user.map { RedisCommand("AUTH", $0, password) } ?? RedisCommand("AUTH", password)
            put(command, on: link) { [self] in check($0, "signing in") }
        }
        if address.database != 0 {
            put(RedisCommand("SELECT", address.database), on: link) { [self] in check($0, "choosing the database") }
        }
        // A server that is still loading its data answers this with an error.
        put(RedisCommand("PING"), on: link) { [self] in
            if check($0, "the greeting") { welcome() }
        }
    }

    @discardableResult
    private func check(_ answer: Result<RedisValue, RedisError>, _ step: String) -> Bool {
        switch answer {
        case .success: return true
        case .failure(.refused(let reason)): lose("\(step) was refused: \(reason)")
        case .failure: break
        }
        return false
    }

    private func welcome() {
        guard case .greeting = phase else { return }
        phase = .ready
        backoff.reset()
        onState(.connected, "")
        for channel in channels.all { listen(channel) }
    }

    /// Ends the connection: whatever waits fails, and the next try is set.
    private func lose(_ reason: String) {
        link = nil
        phase = .resting(until: isClosed ? .max : configuration.now() + backoff.delay())
        let lost = pending
        pending = []
        pendingBytes = 0
        isFlushed = true
        for command in lost { command.then(.failure(.lost)) }
        channels.forgetConfirmed()
        onState(.away, reason)
    }

    // MARK: - Time

    private func keepTime(_ now: Milliseconds) {
        switch phase {
        case .resting(let until):
            if now >= until { connect(now) }
        case .connecting, .greeting:
            if now >= readyBy { lose("no connection within \(configuration.connectTimeout) ms") }
        case .ready:
            if let oldest = pending.first, now >= oldest.sent + configuration.commandTimeout {
                lose("no answer within \(configuration.commandTimeout) ms")
            } else if pending.isEmpty, now >= lastTraffic + configuration.pingAfter {
                lastTraffic = now
                send(RedisCommand("PING")) { _ in }
            }
        }
    }

    /// When ``keepTime(_:)`` has something to do next.
    private var nextDeadline: Milliseconds {
        switch phase {
        case .resting(let until): until
        case .connecting, .greeting: readyBy
        case .ready:
            pending.first.map { $0.sent + configuration.commandTimeout } ?? lastTraffic + configuration.pingAfter
        }
    }

    // MARK: - The socket

    private func wait(_ wake: WakePipe) {
        var waits = [pollfd(fd: wake.descriptor, events: Int16(POLLIN), revents: 0)]
        if let link {
            var events = Int16(0)
            if case .connecting = phase { events = Int16(POLLOUT) } else { events = Int16(POLLIN) }
            if !isFlushed { events |= Int16(POLLOUT) }
            waits.append(pollfd(fd: link.descriptor, events: events, revents: 0))
        }
        let deadline = nextDeadline
        let now = configuration.now()
        let patience = deadline <= now ? 0 : min(3_600_000, deadline - now)
        guard poll(&waits, nfds_t(waits.count), CInt(patience)) > 0 else { return }
        if waits[0].revents != 0 { wake.drain() }
        guard waits.count > 1, waits[1].revents != 0 else { return }
        lastTraffic = configuration.now()
        if case .connecting = phase {
            greet()
        } else if waits[1].revents & ~Int16(POLLOUT) != 0 {
            receive()
        }
    }

    private func flush() {
        guard !isFlushed, let link else { return }
        do throws(RedisLink.Failure) {
            isFlushed = try link.flush()
        } catch {
            lose(error.message)
        }
    }

    private func receive() {
        guard let link else { return }
        do throws(RedisLink.Failure) {
            try link.receive()
            // A handler may end the connection.
            while self.link === link, let value = try link.next() { handle(value) }
        } catch {
            if self.link === link { lose(error.message) }
        }
    }

    private func handle(_ value: RedisValue) {
        if purpose == .subscriptions, let message = RedisChannels.message(in: value) {
            return channels.deliver(message)
        }
        guard let command = pending.popFirst() else { return lose("an answer that nobody asked for") }
        pendingBytes -= command.size
        if case .error(let reason) = value {
            command.then(.failure(.refused(reason)))
        } else {
            command.then(.success(value))
        }
    }
}
