package import Domain

/// What lives on a shard's loop: told of time, of room to write, and of the server's end.
///
/// All calls come on that loop, one at a time.
package protocol ShardMember: AnyObject {
    /// Its link takes bytes again after it was not writable.
    func writable()

    /// Time has passed; called about ten times a second. `now` is monotonic.
    func tick(now: Milliseconds)

    /// The server stops: say goodbye and close.
    func shutDown()

    /// The server has waited long enough: cut the connection.
    func abandon()
}
