/// What the index holds in all (contracts/iib.md, `/db/stats/trend`).
package struct MediaStatistics: Hashable, Sendable {
    /// A name and how many files it stands for.
    package struct Count: Hashable, Sendable {
        package var name: String
        package var count: Int

        package init(name: String, count: Int) {
            self.name = name
            self.count = count
        }
    }

    package var files = 0
    package var bytes = 0
    /// By the day, `YYYY-MM-DD` in the server's time zone, oldest first.
    package var days: [Count] = []
    /// By the month, `YYYY-MM`, oldest first.
    package var months: [Count] = []
    /// The most used of each, at most 20.
    package var models: [Count] = []
    package var samplers: [Count] = []
    package var loras: [Count] = []
    package var sources: [Count] = []

    package init() {}
}
