import OrderedCollections

/// The task `model_import`: takes pending models into the gallery.
///
/// Parameters: `ids` of pending records, in the order in which to take them, and `strategy`, one of
/// ``ModelImport/Strategy`` or missing. Its progress is in bytes hashed. Its result is `outcomes`, one for each id in
/// this order: `id`, `status` (`success`, `conflict`, `ignored`, `deleted`, `failed`), and what belongs to it.
package struct ModelImportKind: TaskKind {
    /// The most records of one task.
    package static let limit = 1000

    package let name = "model_import"
    package let title = "Import models"
    package let parameters = ["ids", "strategy"]
    package let restartPolicy = TaskRestartPolicy.requeue

    private let gallery: ModelGallery

    /// A kind that takes models into `gallery`.
    package init(gallery: ModelGallery) {
        self.gallery = gallery
    }

    package func validate(_ params: JSON) throws(TaskRecord.Failure) {
        _ = try Parameters(params)
    }

    package func run(_ context: TaskContext) async throws -> JSON {
        let parameters = try Parameters(context.params)
        let outcomes = try await run(parameters.ids, parameters.strategy, context)
        return ["outcomes": .array(zip(outcomes, parameters.ids).map { $0.json(id: $1) })]
    }

    func run(
        _ ids: [Int],
        _ strategy: ModelImport.Strategy?,
        _ context: TaskContext
    ) async throws -> [ModelImport.Outcome] {
        let stop = StopFlag()
        let run = ModelImportRun(
            gallery: gallery,
            ids: ids,
            strategy: strategy,
            task: context.task,
            stop: stop,
            report: { context.progress($0, of: $1, $2) }
        )
        return try await OwnThreads.run("models.import", cancel: stop.set, run.run)
    }

    /// The parameters of a task for these records.
    static func parameters(_ ids: some Collection<Int>, _ strategy: ModelImport.Strategy?) -> JSON {
        [
            "ids": .array(ids.map { .int(Int64($0)) }),
            "strategy": strategy.map { .string($0.rawValue) } ?? .null,
        ]
    }

    private struct Parameters: Sendable {
        var ids: [Int]
        var strategy: ModelImport.Strategy?

        init(_ params: JSON) throws(TaskRecord.Failure) {
            guard case .object(let members) = params else { throw Self.failure("params must be an object") }
            for name in members.keys where name != "ids" && name != "strategy" {
                throw Self.failure("unknown parameter \"\(name)\"; model_import takes ids and strategy")
            }
            guard let given = params["ids"]?.array, (1...limit).contains(given.count) else {
                throw Self.failure("ids must be a list of 1 to \(limit) ids of pending models")
            }
            ids = given.compactMap { $0.int }
            guard ids.count == given.count else { throw Self.failure("ids must be integers") }
            if let value = params["strategy"] {
                guard let strategy = value.string.flatMap({ ModelImport.Strategy(rawValue: $0) }) else {
                    let names = ModelImport.Strategy.allCases.map(\.rawValue).joined(separator: ", ")
                    throw Self.failure("strategy must be one of \(names)")
                }
                self.strategy = strategy
            }
        }

        private static func failure(_ message: String) -> TaskRecord.Failure {
            TaskRecord.Failure(code: "bad_params", message: message)
        }
    }
}
