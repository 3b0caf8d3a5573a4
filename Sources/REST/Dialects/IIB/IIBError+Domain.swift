import Domain
import HTTPTypes

extension IIBError {
    /// What to say of an error that comes from below; `nil` for one that is not foreseen.
    init?(_ error: any Error, in language: IIBConfiguration.Language) {
        switch error {
        case let error as IIBError: self = error
        case AccessPolicy.Refusal.token: self = .login
        case let error as MediaIndexError: self.init(error, in: language)
        case let error as MediaQueryError: self.init(error)
        case let error as APIError where error.code != .internal:
            self.init(error.code.status, text: error.message)
            headers = error.headers
        case let error as TaskError:
            guard case let error = APIError(error), error.code != .internal else { return nil }
            self.init(error.code.status, text: error.message)
            headers = error.headers
        default: return nil
        }
    }

    private init?(_ error: MediaIndexError, in language: IIBConfiguration.Language) {
        switch error {
        case .noFile: self.init(.notFound, text: "File not found")
        case .outsideLibrary: self.init(.badRequest, text: language.outsideLibrary)
        case .empty: self.init(.badRequest, text: language.emptyIndex)
        case .invalidTagName: self.init(.badRequest, text: "Invalid tag name")
        case .noTag: self.init(.notFound, text: "Tag not found")
        case .noExtraPath(let path): self.init(.badRequest, text: language.noExtraPath(path))
        case .invalidJSON: self.init(.badRequest, text: "The value is not valid JSON")
        }
    }

    private init(_ error: MediaQueryError) {
        switch error {
        case .invalidPattern(let text): self.init(.badRequest, text: "Invalid regular expression: \(text)")
        case .patternTooSlow: self.init(.badRequest, text: "The regular expression takes too long")
        }
    }
}
