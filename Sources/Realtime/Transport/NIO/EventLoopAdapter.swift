package import Domain
package import NIOCore

/// A NIO event loop as a ``SessionLoop``.
package struct EventLoopAdapter: SessionLoop {
    private let eventLoop: any EventLoop

    package init(_ eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
    }

    package func execute(_ job: @escaping @Sendable () -> Void) {
        eventLoop.execute(job)
    }

    package func repeatEvery(_ interval: Milliseconds, _ job: @escaping @Sendable () -> Void) {
        let delay = TimeAmount.milliseconds(Int64(interval))
        eventLoop.scheduleRepeatedTask(initialDelay: delay, delay: delay) { _ in job() }
    }

    package var now: Milliseconds {
        Int(eventLoop.now.uptimeNanoseconds / 1_000_000)
    }
}
