import Domain
import HTTPTypes

/// A failure with everything that an answer needs; the ``ErrorMiddleware`` gives it the shape of the dialect.
struct APIError: Error, Hashable, Sendable {
    var code: ErrorCode
    /// For people; never tells anything of the inside.
    var message: String
    /// The member of the request that it is about.
    var field: String?
    var headers: HTTPFields = [:]

    init(_ code: ErrorCode, _ message: String, field: String? = nil) {
        self.code = code
        self.message = message
        self.field = field
    }
}

extension APIError {
    /// What to say of a task that could not be had.
    init(_ error: TaskError) {
        switch error {
        case .unknownTask: self.init(.unknownTask, "there is no such task")
        case .conflict: self.init(.conflict, "a task of this id exists with another name")
        case .limitTasks:
            self.init(.limitTasks, "too many tasks are waiting")
            headers[.retryAfter] = "5"
        case .badParams(let failure): self.init(.badMessage, failure.message, field: "params")
        case .shuttingDown:
            self.init(.shuttingDown, "the server is stopping")
            headers[.retryAfter] = "1"
        case .serverAway: self.init(.unavailable, "the server of this task is away")
        case .leaseLost: self.init(.leaseLost, "the lease has ended")
        case .resultTooLarge: self.init(.tooLarge, "the result is too large")
        case .internal: self.init(.internal, "the server could not do this")
        }
    }

    /// What to say to someone whom the access policy turns away.
    init(_ refusal: AccessPolicy.Refusal) {
        self.init(ErrorCode(rawValue: refusal.code) ?? .forbidden, refusal.message)
        if refusal == .token { headers[.wwwAuthenticate] = "Bearer" }
    }

    /// What to say of a body that did not come whole.
    init(_ failure: RequestBodyFailure) {
        switch failure {
        case .tooLarge: self.init(.tooLarge, "the request's body is too large")
        case .malformed: self.init(.badRequest, "the request's body is malformed")
        }
    }

    /// What to say of a text that is no JSON.
    init(_ error: JSONError) {
        switch error {
        case .syntax(let offset): self.init(.badJSON, "the body is no JSON: see byte \(offset)")
        case .tooDeep: self.init(.tooDeep, "the body is nested too deep")
        }
    }
}
