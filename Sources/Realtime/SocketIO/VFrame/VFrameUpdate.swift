import Domain

/// What a `task_update` says (contracts/vframe.md §4): `{"uuid","type","data"}`.
struct VFrameUpdate: Hashable {
    /// What the native side understands of it.
    enum News: Hashable {
        case progress(TaskRecord.Progress)
        case log(LogLevel, String)
    }

    let uuid: String
    /// `nil` for another type, and for progress that says nothing of the kind; both are passed on all the same.
    let news: News?

    /// Reads an update; `nil` without a usable id.
    init?(_ payload: JSON?) {
        guard let payload, let uuid = VFrameUpdate.uuid(payload) else { return nil }
        self.uuid = uuid
        switch payload["type"]?.string {
        case "progress": news = Self.progress(payload["data"]).map(News.progress)
        case "debug": news = .log(.debug, Self.text(payload["data"]))
        case "error": news = .log(.error, Self.text(payload["data"]))
        default: news = nil
        }
    }

    /// The payload's `uuid`; `nil` when it has none that could be a task's id.
    static func uuid(_ payload: JSON?) -> String? {
        guard let uuid = payload?["uuid"]?.string, Identifier.isValid(uuid) else { return nil }
        return uuid
    }

    private static func progress(_ data: JSON?) -> TaskRecord.Progress? {
        guard let current = whole(data?["current"]) else { return nil }
        return TaskRecord.Progress(
            current: current,
            total: whole(data?["total"]),
            message: data?["message"].map { text($0) } ?? ""
        )
    }

    /// A count of the native protocol; `nil` for anything that is none.
    private static func whole(_ value: JSON?) -> Int? {
        guard let number = value?.int, (0..<(1 << 53)).contains(number) else { return nil }
        return number
    }

    /// A text as it is, anything else as JSON.
    private static func text(_ data: JSON?) -> String { data?.string ?? (data ?? .null).text }
}
