import GRDB
import Synchronization

/// Gives every connection a number of its own, which no later one gets, as an SQL function: a connection's address may
/// be that of one closed before.
enum ConnectionNumber {
    static let name = "connection_number"

    private static let last = Atomic(0)

    static func add(to database: Database) {
        let number = last.add(1, ordering: .relaxed).newValue
        database.add(function: DatabaseFunction(name, argumentCount: 0, pure: true) { _ in number })
    }
}
