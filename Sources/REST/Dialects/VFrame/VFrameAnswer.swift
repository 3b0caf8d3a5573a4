import Domain
import HTTPTypes
import Hummingbird
import OrderedCollections

/// The shapes of VFrame's answers (contracts/vframe.md §1), and what our errors become in them.
///
/// Members are sorted by name, as its server sorts them.
enum VFrameAnswer {
    /// `{"error":text,"status":"error"}`.
    static func error(_ message: String) -> [UInt8] {
        sorted(["status": "error", "error": .string(message)])
    }

    /// A bare object, as the task and socket resources answer.
    static func bare(_ value: JSON, status: HTTPResponse.Status = .ok) -> Response {
        .json(sorted(value), status: status)
    }

    /// What `task/run` and `task/test` say when there will be no task: a bare `error`, with a status of 500, or 503
    /// when it may go better later.
    static func failure(_ error: TaskError) -> Response {
        switch error {
        case .unknownTask: bare(["error": "No such task"], status: .internalServerError)
        case .badParams(let failure): bare(["error": .string(failure.message)], status: .internalServerError)
        case .conflict: bare(["error": "Task already exists"], status: .internalServerError)
        case .limitTasks: bare(["error": "Too many tasks"], status: .serviceUnavailable)
        case .shuttingDown: bare(["error": "Server is shutting down"], status: .serviceUnavailable)
        case .serverAway: bare(["error": "Server of the task is away"], status: .serviceUnavailable)
        case .leaseLost, .resultTooLarge, .internal:
            bare(["error": "Internal Server Error"], status: .internalServerError)
        }
    }

    /// The value as text, the members of all its objects sorted by name.
    private static func sorted(_ value: JSON) -> [UInt8] {
        order(value).encoded
    }

    private static func order(_ value: JSON) -> JSON {
        switch value {
        case .array(let elements): .array(elements.map(order))
        case .object(var members):
            {
                members.sort { $0.key < $1.key }
                return .object(members.mapValues(order))
            }()
        default: value
        }
    }
}
