package import OrderedCollections

/// The present state of the topics `app/…`: of each, the newest data of its 64 last used keys.
///
/// Clients fill it, so it is bounded: past ``topicsLimit`` or ``bytesLimit`` the least recently used topics are
/// forgotten.
package struct AppBoard: Sendable {
    /// How many keys of one topic are kept.
    package static let keysLimit = 64
    /// How many bytes all topics together may keep.
    package static let bytesLimit = 16 * 1024 * 1024

    /// The greatest message to a topic, in bytes of JSON.
    package static let dataLimit = 16 * 1024
    /// The greatest length of a key, in bytes.
    package static let keyLimit = 64
    /// How many topics are kept.
    package static let topicsLimit = 1024
    /// What a kept value costs besides its text, in bytes; about right is enough.
    private static let overhead = 256

    private struct Kept: Sendable {
        var data: JSON
        var size: Int
    }

    private var topics: OrderedDictionary<String, OrderedDictionary<String, Kept>> = [:]
    private var bytes = 0

    /// No topics.
    package init() {}

    /// The kept values of a topic, least recently used key first.
    package func values(_ name: String) -> OrderedDictionary<String, JSON> {
        topics[name]?.mapValues(\.data) ?? [:]
    }

    /// Folds one event in; only messages with a key leave a trace.
    package mutating func apply(_ event: Event) {
        guard case .appMessage(let name, from: _, let data, let key?) = event else { return }
        var values = topics.removeValue(forKey: name) ?? [:]
        if let old = values.removeValue(forKey: key) { bytes -= old.size }
        let size = data.encoded.count + key.utf8.count + Self.overhead
        values[key] = Kept(data: data, size: size)
        bytes += size
        if values.count > Self.keysLimit { bytes -= values.removeFirst().value.size }
        topics[name] = values
        while topics.count > Self.topicsLimit || (bytes > Self.bytesLimit && topics.count > 1) {
            bytes -= topics.removeFirst().value.values.reduce(0) { $0 + $1.size }
        }
    }
}
