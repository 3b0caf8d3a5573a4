import Domain

/// Celery's workers, who always say the same.
struct FakeCelery: CeleryWorkers {
    /// `nil` while Redis is away.
    var inspection: CeleryInspection?
    /// Our tasks by their ids on Celery.
    var tasks: [String: String] = [:]

    func inspect() async -> CeleryInspection? { inspection }

    func task(_ id: String) -> String? { tasks[id] }
}
