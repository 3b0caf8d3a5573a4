/// Why a legacy database is not taken over.
package enum LegacyMigrationError: Error, Hashable, Sendable, CustomStringConvertible {
    /// No folder is configured from which databases may be taken.
    case off
    /// The path as it was given does not lie below that folder.
    case outside(String)
    /// Nothing of that kind is there: a file for the database, a folder for the pictures.
    case missing(String)
    /// The file is no such database; why.
    case unreadable(String)

    package var description: String {
        switch self {
        case .off: "no folder is configured from which databases may be migrated"
        case .outside(let path): "\(path): this does not lie below the folder from which databases may be migrated"
        case .missing(let path): "\(path): there is no such file or folder"
        case .unreadable(let reason): "the database cannot be read: \(reason)"
        }
    }
}
