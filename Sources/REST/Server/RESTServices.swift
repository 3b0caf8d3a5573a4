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
    /// Celery's workers, when tasks go there.
    package var celery: (any CeleryWorkers)?
    /// Whether Redis is there, when it is used.
    package var redisState: (@Sendable () -> RedisState)?
    /// What the dialect of Infinite Image Browsing speaks of; `nil` serves none.
    package var iib: IIBServices?
    /// What the dialect of the model gallery speaks of; `nil` serves none.
    package var gallery: ModelGallery?

    /// Gathers what the routes need.
    package init(
        journal: Journal,
        tasks: any TaskService,
        library: any LibraryService,
        clients: any ClientMessenger,
        metrics: Metrics,
        celery: (any CeleryWorkers)? = nil,
        redisState: (@Sendable () -> RedisState)? = nil,
        iib: IIBServices? = nil,
        gallery: ModelGallery? = nil
    ) {
        self.journal = journal
        self.tasks = tasks
        self.library = library
        self.clients = clients
        self.metrics = metrics
        self.celery = celery
        self.redisState = redisState
        self.iib = iib
        self.gallery = gallery
    }

    /// What is known of pictures, videos and sounds; `nil` without an index.
    var index: MediaIndex? { iib?.index }
}
