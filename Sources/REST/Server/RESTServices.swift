package import Domain

/// What the routes speak of.
package struct RESTServices: Sendable {
    package var journal: Journal
    package var tasks: any TaskService
    package var library: any LibraryService
    package var clients: any ClientMessenger
    /// Where requests are counted; the routes add their own families.
    package var metrics: Metrics

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
