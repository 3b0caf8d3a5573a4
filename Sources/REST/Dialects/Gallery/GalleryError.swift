import Domain
import HTTPTypes

/// An error answer of the dialect: `{"error": text}` (contracts/gallery.md §1).
struct GalleryError: Error, Hashable, Sendable {
    var status: HTTPResponse.Status
    var text: String
    var headers: HTTPFields = [:]

    init(_ status: HTTPResponse.Status, _ text: String) {
        self.status = status
        self.text = text
    }

    /// The body of the answer.
    var body: [UInt8] {
        var writer = JSONWriter()
        writer.object { $0.field("error", text) }
        return writer.bytes
    }
}

extension GalleryError {
    /// What the dialect says of an error of Domain's; `nil` for one that it does not know.
    init?(_ error: any Error) {
        switch error {
        case let error as GalleryError: self = error
        case let error as ModelGalleryError: self.init(error)
        case let error as LegacyMigrationError: self.init(error)
        // A task for which the call waited did not end well; its words are for people.
        case let failure as TaskRecord.Failure:
            // What was not foreseen is for the log.
            guard failure.code != "internal" else { return nil }
            let isCancelled = failure.code == "cancelled"
            self.init(isCancelled ? .serviceUnavailable : .internalServerError, failure.message)
        default: return nil
        }
    }

    private init(_ error: LegacyMigrationError) {
        let status: HTTPResponse.Status =
            switch error {
            case .off, .outside: .forbidden
            case .missing: .notFound
            case .unreadable: .badRequest
            }
        self.init(status, error.description)
    }

    private init(_ error: ModelGalleryError) {
        switch error {
        case .unknownModel: self.init(.notFound, "Model not found")
        case .unknownPending: self.init(.notFound, "Pending model not found")
        case .unknownWord(let id): self.init(.badRequest, "Unknown tag id \(id)")
        case .unknownSample(let number): self.init(.notFound, "Image sequence \(number) not found")
        case .unknownType: self.init(.badRequest, "unknown type")
        case .noFolders: self.init(.serviceUnavailable, "Model type cache is empty; no model directory is configured")
        case .badPicture(let reason): self.init(.badRequest, "Invalid image: \(reason)")
        }
    }
}
