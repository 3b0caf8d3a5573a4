import Domain
import HTTPTypes
import Hummingbird

/// Taking models in that wait (contracts/gallery.md §3, promotion).
struct GalleryImportRoutes {
    let gallery: ModelGallery
    /// The greatest body, in bytes.
    let bodyLimit: Int

    var routes: [Route] {
        [
            Route(.post, "/api/migration/import_a_model") { request, _ in try await importOne(request) },
            Route(.post, "/api/migration/import_models") { request, _ in try await importMany(request) },
        ]
    }

    // MARK: - One

    private func importOne(_ request: Request) async throws -> Response {
        let body = try await GalleryBody(request, limit: bodyLimit)
        guard let id = (body["id"] ?? body["pending_id"])?.int else {
            throw GalleryError(.badRequest, "id is required")
        }
        let strategy = try body.strategy()
        guard let outcome = try await gallery.importModels([id], strategy: strategy).first else {
            throw ModelGalleryError.unknownPending
        }
        return .json(status: Self.status(outcome)) {
            $0.field("status", Self.word(outcome))
            $0.field("deprecated", true)
            $0.field("id", id)
            switch outcome {
            case .success(let hash), .ignored(let hash): $0.field("sha256", hash.hex)
            case .deleted(let hash): $0.field("sha256", hash?.hex ?? "")
            case .conflict(let hash, let pending, let existing):
                $0.field("sha256", hash.hex)
                $0.conflict(id, pending, existing)
            case .failed(let failure): $0.field("error", failure.text)
            }
        }
    }

    private static func status(_ outcome: ModelImport.Outcome) -> HTTPResponse.Status {
        switch outcome {
        case .success, .ignored, .deleted: .ok
        case .conflict: .conflict
        case .failed(.notFound): .notFound
        case .failed: .internalServerError
        }
    }

    private static func word(_ outcome: ModelImport.Outcome) -> String {
        switch outcome {
        case .success: "success"
        case .conflict: "conflict"
        case .ignored: "ignored"
        case .deleted: "deleted"
        case .failed: "error"
        }
    }

    // MARK: - Many

    /// RFC 4918 §11.1.
    private static let multiStatus = HTTPResponse.Status(code: 207, reasonPhrase: "Multi-Status")

    /// Always 207, whatever became of the records; each is handled for itself, in order.
    private func importMany(_ request: Request) async throws -> Response {
        let body = try await GalleryBody(request, limit: bodyLimit)
        guard let list = body["id"]?.array, !list.isEmpty else {
            throw GalleryError(.badRequest, "id must be a non-empty array")
        }
        let strategy = try body.strategy()
        let ids = list.map(\.looseInteger)
        let outcomes = try await gallery.importModels(ids.compactMap(\.self), strategy: strategy)
        return .json(Self.report(list, ids, outcomes), status: Self.multiStatus)
    }

    /// What became of each element of the list; `ids` holds its integer, `outcomes` only what became of those.
    private static func report(_ list: [JSON], _ ids: [Int?], _ outcomes: [ModelImport.Outcome]) -> [UInt8] {
        var next = outcomes.makeIterator()
        let entries = zip(list, ids).map { element, id in (element, id, id == nil ? nil : next.next()) }
        func numbers(_ isWanted: (ModelImport.Outcome) -> Bool) -> JSON {
            .array(
                entries.compactMap { _, id, outcome in
                    guard let id, let outcome, isWanted(outcome) else { return nil }
                    return .int(Int64(id))
                }
            )
        }
        var writer = JSONWriter(capacity: 256 + 16 * list.count)
        writer.object { writer in
            writer.field("total", list.count)
            writer.field("success", numbers { if case .success = $0 { true } else { false } })
            writer.field(
                "conflict",
                array: { writer in
                    for case (_, let id?, .conflict(_, let pending, let existing)?) in entries {
                        writer.object { $0.conflict(id, pending, existing) }
                    }
                }
            )
            writer.field("ignored", numbers { if case .ignored = $0 { true } else { false } })
            writer.field("deleted", numbers { if case .deleted = $0 { true } else { false } })
            writer.field(
                "failed",
                array: { writer in
                    for (element, id, outcome) in entries {
                        guard let text = failure(id, outcome) else { continue }
                        writer.object {
                            $0.field("id", id.flatMap { given($0) } ?? element)
                            $0.field("error", text)
                        }
                    }
                }
            )
        }
        return writer.bytes
    }

    /// The integer that an element of the list stands for; `nil` for one that only stands for a number beyond integers.
    private static func given(_ id: Int) -> JSON? { id == .max || id == .min ? nil : .int(Int64(id)) }

    private static func failure(_ id: Int?, _ outcome: ModelImport.Outcome?) -> String? {
        guard id != nil else { return "Invalid id" }
        if case .failed(let failure)? = outcome { return failure.text }
        return nil
    }
}

extension JSONWriter {
    /// Writes `pending` and `existing` of a conflict.
    fileprivate mutating func conflict(_ id: Int, _ pending: ModelImport.Place, _ existing: ModelImport.Place) {
        field(
            "pending",
            object: {
                $0.field("id", id)
                $0.field("path", pending.path)
            }
        )
        field(
            "existing",
            object: {
                $0.field("id", existing.id)
                $0.field("path", existing.path)
            }
        )
    }
}
