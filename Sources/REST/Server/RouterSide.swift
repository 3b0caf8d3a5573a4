import NIOCore

/// What stands behind the ``UpgradeGate`` and answers the requests that no takeover claims.
///
/// Confined to the connection's loop.
protocol RouterSide: AnyObject {
    /// Whether its handlers are in the pipeline.
    var isOpen: Bool { get }

    /// Adds its handlers at the end of the pipeline; called once, before the first request that is for it.
    func open(in pipeline: ChannelPipeline.SynchronousOperations) throws

    /// The connection has been taken over; what must not stand in the pipeline any longer is taken out.
    func takenOver(in pipeline: ChannelPipeline.SynchronousOperations)

    /// The gate is gone; nothing of the connection is for this side any more, if it is not open by now.
    func close()
}
