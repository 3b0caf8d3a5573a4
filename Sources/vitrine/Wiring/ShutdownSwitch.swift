import ServiceLifecycle

/// Ends the server in order when a client may ask for that and does.
struct ShutdownSwitch: Service {
    private let requests: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    init() {
        (requests, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(1))
    }

    /// Its place in a group: when it returns, the group shuts down.
    var configuration: ServiceGroupConfiguration.ServiceConfiguration {
        ServiceGroupConfiguration.ServiceConfiguration(
            service: self,
            successTerminationBehavior: .gracefullyShutdownGroup
        )
    }

    /// Has the server end; returns at once.
    @Sendable func trigger() {
        continuation.yield()
    }

    /// Returns when it was triggered, or when the server ends anyway.
    func run() async {
        await cancelWhenGracefulShutdown {
            for await _ in requests { break }
        }
    }
}
