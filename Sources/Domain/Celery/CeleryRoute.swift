/// Which tasks go to Celery, and in which words (contracts/socketio.md §8).
package struct CeleryRoute: Hashable, Sendable {
    /// What a Celery task is called with.
    package enum Arguments: String, CaseIterable, Sendable {
        /// As VFrame's tasks are: `[uuid, callback_url, params]`, where the uuid is our task's id.
        case vframe
        /// The parameters as keyword arguments.
        case params
    }

    /// The name of our tasks.
    package var name: String
    /// The Celery queue they go to.
    package var queue: String
    /// The name of the Celery task that runs them.
    package var task: String
    package var arguments: Arguments

    /// A route; the Celery task is called as ours is unless `task` says otherwise.
    package init(name: String, queue: String, task: String? = nil, arguments: Arguments = .vframe) {
        self.name = name
        self.queue = queue
        self.task = task ?? name
        self.arguments = arguments
    }
}
