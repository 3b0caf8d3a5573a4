/// What executors have to say besides what workers say: those to which a task may be lent long before it begins.
package protocol TaskExecutors: TaskWorkers {
    /// Has the tasks that are offered to the worker, and not accepted yet, say something else of why they wait.
    func explain(client: String, waiting: String?)
}
