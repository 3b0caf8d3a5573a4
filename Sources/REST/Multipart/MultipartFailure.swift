/// Why a multipart body cannot be read.
enum MultipartFailure: Error, Hashable, Sendable {
    /// The header names no boundary, or one that cannot be one.
    case noBoundary
    /// Lines are not where they must be, or a part's head says no name.
    case malformed
    /// The head of a part is longer than the bound.
    case headTooLarge
    /// There are more parts than the bound.
    case tooManyParts
    /// The body ends before its last boundary.
    case incomplete

    /// What to say to the client.
    var message: String {
        switch self {
        case .noBoundary: "The multipart body has no boundary"
        case .malformed: "The multipart body is malformed"
        case .headTooLarge: "The head of a part is too long"
        case .tooManyParts: "The multipart body has too many parts"
        case .incomplete: "The multipart body is cut off"
        }
    }
}
