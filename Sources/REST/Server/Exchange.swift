import NIOHTTP1

/// One request that is being answered, as far as the ``UpgradeGate`` must know it.
struct Exchange {
    /// Interim answers exist since HTTP/1.1.
    let knowsContinue: Bool
    /// The connection cannot go on after the answer: the client asked for that, or the request asked for an upgrade,
    /// behind which NIO's decoder reads nothing.
    private var endsConnection: Bool
    /// All of the request has been handed on.
    private(set) var isReceived = false
    private(set) var isAnswering = false
    /// The rest of the body is thrown away.
    private(set) var hasFailed = false
    private var bodyBytes = 0

    init(_ head: HTTPRequestHead) {
        knowsContinue = head.version.major == 1 && head.version.minor >= 1
        endsConnection = !head.isKeepAlive || head.asksForUpgrade
    }

    /// Whether the connection must close after the answer, as known now.
    var isLast: Bool { endsConnection || !isReceived || hasFailed }

    /// Whether bytes behind this request are of no use to anyone.
    var wantsNoMore: Bool { endsConnection && isReceived }

    /// Counts some of the body; returns whether it is still within `limit`.
    mutating func bodyReceived(_ count: Int, limit: Int) -> Bool {
        bodyBytes += count
        return bodyBytes <= limit
    }

    mutating func requestReceived() { isReceived = true }
    mutating func answerBegun() { isAnswering = true }
    mutating func bodyFailed() { hasFailed = true }
    mutating func becomesLast() { endsConnection = true }
}

extension HTTPRequestHead {
    /// Whether NIO's decoder may stop behind this request; true in a few cases in which it does not.
    var asksForUpgrade: Bool { method == .CONNECT || headers.contains(name: "upgrade") }

    /// Whether a body follows.
    var hasBody: Bool {
        if headers.contains(name: "transfer-encoding") { return true }
        guard let length = headers.first(name: "content-length") else { return false }
        return Int(length) != 0
    }

    /// Whether the client holds the body back until it is asked for it (RFC 9110 §10.1.1).
    var expectsContinue: Bool { headers.first(name: "expect")?.lowercased() == "100-continue" }

    /// The path of the request target in origin or absolute form (RFC 9112 §3.2), without the query.
    var path: String {
        var rest = uri[...]
        if !rest.hasPrefix("/"), let scheme = rest.firstRange(of: "://") {
            rest = rest[scheme.upperBound...]
            rest = rest.firstIndex(of: "/").map { rest[$0...] } ?? "/"
        }
        return String(rest.prefix { $0 != "?" && $0 != "#" })
    }
}
