package import Domain

/// What the routes speak of.
package struct RESTServices: Sendable {
    /// What is going on: tasks, clients and the library at one offset.
    package var journal: Journal
    /// Runs and cancels tasks.
    package var tasks: any TaskService
    /// Knows roots and thumbnails.
    package var library: any LibraryService
    /// Reaches single clients.
    package var clients: any ClientMessenger
    /// Where requests are counted; the routes add their own families.
    package var metrics: Metrics

    /// Gathers what the routes need.
    package init(
        journal: Journal,
        tasks: any TaskService,
        library: any LibraryService,
        clients: any ClientMessenger,
        metrics: Metrics
    ) {
        self.journal = journal
        self.tasks = tasks
        self.library = library
        self.clients = clients
        self.metrics = metrics
    }
}
