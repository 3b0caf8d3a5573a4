/// Who listens to which channel of one connection, and what Redis has confirmed.
struct RedisChannels {
    private var listeners: [String: [RedisSubscription]] = [:]
    /// The number of the newest SUBSCRIBE for each channel.
    private var asked: [String: Int] = [:]
    private var confirmed: Set<String> = []
    private var serial = 0

    /// The channels that somebody listens to.
    var all: [String] { listeners.keys.sorted() }

    /// Takes a listener in and returns the channels to ask Redis for.
    ///
    /// A listener that needs none hears so at once.
    mutating func add(_ subscription: RedisSubscription) -> [String] {
        var new: [String] = []
        for channel in Set(subscription.channels).sorted() {
            if listeners[channel] == nil { new.append(channel) }
            listeners[channel, default: []].append(subscription)
        }
        if isLive(subscription) { subscription.onState(.connected) }
        return new
    }

    /// Takes a listener out; returns the channels that nobody listens to any more.
    mutating func remove(_ subscription: RedisSubscription) -> [String] {
        var empty: [String] = []
        for channel in Set(subscription.channels).sorted() {
            guard var others = listeners[channel] else { continue }
            others.removeAll { $0 === subscription }
            listeners[channel] = others.isEmpty ? nil : others
            guard others.isEmpty else { continue }
            empty.append(channel)
            confirmed.remove(channel)
            asked[channel] = nil
        }
        return empty
    }

    /// Notes that Redis was asked for a channel; returns what its answer is known by.
    mutating func asked(_ channel: String) -> Int {
        serial += 1
        asked[channel] = serial
        return serial
    }

    /// Notes Redis's answer, unless the channel was given back or asked for again meanwhile.
    mutating func confirm(_ channel: String, _ serial: Int) {
        guard asked[channel] == serial else { return }
        confirmed.insert(channel)
        for subscription in listeners[channel] ?? [] where isLive(subscription) { subscription.onState(.connected) }
    }

    /// Notes that the connection ended.
    mutating func forgetConfirmed() {
        let old = confirmed
        confirmed = []
        asked = [:]
        guard !old.isEmpty else { return }
        var told: Set<ObjectIdentifier> = []
        for channel in old.sorted() {
            for subscription in listeners[channel] ?? []
            where subscription.channels.allSatisfy(old.contains) && told.insert(ObjectIdentifier(subscription)).inserted
            {
                subscription.onState(.away)
            }
        }
    }

    /// Hands a message to those who listen to its channel.
    func deliver(_ message: (channel: String, bytes: [UInt8])) {
        for subscription in listeners[message.channel] ?? [] { subscription.onMessage(message.channel, message.bytes) }
    }

    /// The message that a pushed array holds; `nil` for every other answer.
    static func message(in value: RedisValue) -> (channel: String, bytes: [UInt8])? {
        guard let parts = value.array, parts.count == 3, case .bytes(let kind) = parts[0],
            kind.elementsEqual("message".utf8), let channel = parts[1].text, let bytes = parts[2].bytes
        else { return nil }
        return (channel, bytes)
    }

    private func isLive(_ subscription: RedisSubscription) -> Bool {
        subscription.channels.allSatisfy(confirmed.contains)
    }
}
