/// How many tasks there are in each state, of all that the store holds.
package struct TaskCounts: Hashable, Sendable {
    private var values: [TaskRecord.State: Int] = [:]

    /// No tasks.
    package init() {}

    package subscript(state: TaskRecord.State) -> Int {
        get { values[state, default: 0] }
        set { values[state] = newValue == 0 ? nil : newValue }
    }
}
