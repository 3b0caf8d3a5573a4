import OrderedCollections

/// The task `model_scan`: looks for models that wait to be imported.
///
/// Parameters: `type`, one of the types of models (missing: all). Its result is a ``ModelScanReport``.
package struct ModelScanKind: TaskKind {
    /// The name of the task.
    static let taskName = "model_scan"

    package let name = taskName
    package let title = "Look for models"
    package let parameters = ["type"]
    package let restartPolicy = TaskRestartPolicy.requeue
    /// Two at a time would read the same files twice.
    package let isExclusive = true

    private let gallery: ModelGallery

    /// A kind that looks in the folders of a gallery.
    package init(gallery: ModelGallery) { self.gallery = gallery }

    package func validate(_ params: JSON) throws(TaskRecord.Failure) {
        _ = try type(params)
    }

    package func run(_ context: TaskContext) async throws -> JSON {
        let type = try type(context.params)
        let listener = ModelScanner.Listener(
            progress: { context.progress($0, of: $1, $2) },
            warn: { context.log(.warning, $0) }
        )
        return try await gallery.scanNow(type: type, listener: listener).json
    }

    private func type(_ params: JSON) throws(TaskRecord.Failure) -> String? {
        guard case .object(let members) = params else { throw Self.failure("params must be an object") }
        for name in members.keys where name != "type" {
            throw Self.failure("unknown parameter \"\(name)\"; \(Self.taskName) takes type")
        }
        guard let value = params["type"] else { return nil }
        guard let type = value.string, gallery.folders.kinds.contains(where: { $0.name == type }) else {
            throw Self.failure("type must be one of the types of models")
        }
        return type
    }

    private static func failure(_ message: String) -> TaskRecord.Failure {
        TaskRecord.Failure(code: "bad_params", message: message)
    }
}
