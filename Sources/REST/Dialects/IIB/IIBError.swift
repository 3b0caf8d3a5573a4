import Domain
import HTTPTypes

/// An error answer of the dialect: `{"detail": …}` (contracts/iib.md, Common rules).
struct IIBError: Error, Hashable, Sendable {
    var status: HTTPResponse.Status
    /// A text, or whatever a client of this error expects.
    var detail: JSON
    var headers: HTTPFields = [:]

    init(_ status: HTTPResponse.Status, _ detail: JSON) {
        self.status = status
        self.detail = detail
    }

    /// An error whose detail is a text.
    init(_ status: HTTPResponse.Status, text: String) {
        self.init(status, .string(text))
    }

    /// The path may not be named by this client.
    static let forbidden = IIBError(.forbidden, "Forbidden")
    /// There is no such thing.
    static let notFound = IIBError(.notFound, "Not Found")
    /// The cookie is missing or wrong; the client asks for the key when it reads this.
    static let login = IIBError(.unauthorized, ["type": "secret_verification_failed"])
    /// What only the log tells more of.
    static let unforeseen = IIBError(.internalServerError, "Internal Server Error")

    /// The body of the answer.
    var body: [UInt8] {
        var writer = JSONWriter()
        writer.object { $0.field("detail", detail) }
        return writer.bytes
    }
}
