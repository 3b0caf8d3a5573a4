/// One task: what is to be done, how far it is, how it ended (contracts/realtime.md §5, **task**).
package struct TaskRecord: Hashable, Sendable {
    /// Where a task stands in its life; `done`, `failed` and `cancelled` are final.
    package enum State: String, CaseIterable, Sendable {
        case queued
        case running
        case done
        case failed
        case cancelled

        /// Whether nothing more happens to a task in this state.
        package var isFinal: Bool { self == .done || self == .failed || self == .cancelled }
    }

    /// How far a task is: `current` of `total` (unknown when `nil`), and what it is doing.
    package struct Progress: Hashable, Sendable {
        package var current: Int
        package var total: Int?
        package var message: String

        package init(current: Int, total: Int?, message: String) {
            self.current = current
            self.total = total
            self.message = message
        }
    }

    /// Who runs a task.
    package struct Executor: Hashable, Sendable {
        package enum Kind: String, Sendable {
            case local
            case peer
            case celery
            case socketio
        }

        package var kind: Kind
        /// The client's id, when a connected client runs it.
        package var client: String?
        package var name: String?

        package init(kind: Kind, client: String? = nil, name: String? = nil) {
            self.kind = kind
            self.client = client
            self.name = name
        }

        /// The server itself.
        package static let local = Executor(kind: .local)
    }

    /// Why a task failed: a word for programs and a text for people.
    package struct Failure: Error, Hashable, Sendable {
        package var code: String
        package var message: String

        package init(code: String, message: String) {
            self.code = code
            self.message = message
        }
    }

    /// An id of 1 to 128 printable ASCII characters; a UUID when the server made it.
    package var id: String
    package var name: String
    /// The parameters, a JSON object.
    package var params: JSON
    package var state: State
    /// -100 to 100; greater runs first.
    package var priority: Int
    /// The present or last attempt; 0 before the first.
    package var attempt: Int
    /// How many attempts there may be.
    package var attempts: Int
    /// The capabilities an executor must have.
    package var requires: [String]
    package var progress: Progress?
    package var executor: Executor?
    /// Why it is not running, while it waits.
    package var waiting: String?
    /// What it returned; `nil` here when larger than ``inlineResultLimit``, then only the store has it.
    package var result: JSON?
    /// The size in bytes of a result that is too large to travel in events.
    package var resultSize: Int?
    package var error: Failure?
    package var created: Milliseconds
    package var started: Milliseconds?
    package var finished: Milliseconds?
    /// The server whose task it is; `nil` for this one.
    ///
    /// Not stored.
    package var server: String?
    /// Whether Socket.IO clients hear of it in the words of the one who runs it, as messages to their room.
    ///
    /// Neither stored nor sent.
    package var isRelayed = false

    /// The greatest result, in bytes of JSON, that travels in events and lists.
    package static let inlineResultLimit = 16 * 1024

    /// A task that has not begun.
    package init(
        id: String,
        name: String,
        params: JSON = [:],
        priority: Int = 0,
        attempts: Int = 3,
        requires: [String] = [],
        created: Milliseconds
    ) {
        self.id = id
        self.name = name
        self.params = params
        self.state = .queued
        self.priority = priority
        self.attempt = 0
        self.attempts = attempts
        self.requires = requires
        self.created = created
    }
}
