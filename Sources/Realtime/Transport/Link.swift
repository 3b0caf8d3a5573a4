/// A connection's way out, as a session sees it; used on the connection's loop only.
package protocol Link: AnyObject {
    /// The peer's IP address.
    var address: String { get }

    /// Whether little enough waits in the driver that more may be written.
    var isWritable: Bool { get }

    /// Hands bytes to the driver; they leave at the next ``flush()``, in order. Ignored when closed.
    func write(_ bytes: Bytes)

    /// Sends what was written, in as few system calls as it takes.
    func flush()

    /// Stops or resumes reading from the socket.
    var isReading: Bool { get set }

    /// Closes the connection once what was written has left, or at once when it cannot leave.
    func close()

    /// Cuts the connection; what has not left is lost.
    func abort()
}
