import HTTPTypes
import NIOHTTP1

/// The words for programs in error answers (contracts/realtime.md §9 and §10, and what only HTTP has).
enum ErrorCode: String, CaseIterable, Sendable {
    case badRequest = "bad_request"
    case badJSON = "bad_json"
    case badMessage = "bad_message"
    case tooDeep = "too_deep"
    case tooLarge = "too_large"
    case unauthorized
    case forbidden
    case forbiddenHost = "forbidden_host"
    case forbiddenOrigin = "forbidden_origin"
    case notFound = "not_found"
    case unknownTask = "unknown_task"
    case methodNotAllowed = "method_not_allowed"
    case requestTimeout = "request_timeout"
    case conflict
    case leaseLost = "lease_lost"
    case unsupportedMediaType = "unsupported_media_type"
    case headTooLarge = "head_too_large"
    case limitTasks = "limit_tasks"
    case shuttingDown = "shutting_down"
    case unavailable
    case `internal`

    /// The status it is sent with.
    var status: HTTPResponse.Status {
        switch self {
        case .badRequest, .badJSON, .badMessage, .tooDeep: .badRequest
        case .tooLarge: .contentTooLarge
        case .unauthorized: .unauthorized
        case .forbidden, .forbiddenHost, .forbiddenOrigin: .forbidden
        case .notFound, .unknownTask: .notFound
        case .methodNotAllowed: .methodNotAllowed
        case .requestTimeout: .requestTimeout
        case .conflict, .leaseLost: .conflict
        case .unsupportedMediaType: .unsupportedMediaType
        case .headTooLarge: .requestHeaderFieldsTooLarge
        case .limitTasks: .tooManyRequests
        case .shuttingDown, .unavailable: .serviceUnavailable
        case .internal: .internalServerError
        }
    }

    /// The code for a status that comes from below, where there is no better word.
    init(status: Int) {
        switch status {
        case 401: self = .unauthorized
        case 403: self = .forbidden
        case 404: self = .notFound
        case 405: self = .methodNotAllowed
        case 408: self = .requestTimeout
        case 413: self = .tooLarge
        case 415: self = .unsupportedMediaType
        case 431: self = .headTooLarge
        case 400..<500: self = .badRequest
        case 503: self = .unavailable
        default: self = .internal
        }
    }

    /// The code for what the ``UpgradeGate`` answers by itself.
    init(_ status: HTTPResponseStatus) {
        self.init(status: Int(status.code))
    }
}
