/// What became of the rows and pictures of a legacy database (contracts/gallery.md §4, `migrate_legacy_db`).
package struct LegacyReport: Hashable, Sendable {
    /// Rows that are models of the gallery now.
    package var migrated = 0
    /// Rows that wait to be imported now.
    package var pending = 0
    /// Rows that could not be taken over.
    package var errors = 0
    /// Pictures that were taken over.
    package var pictures = 0
    /// Pictures that are there and could not be.
    package var pictureErrors = 0

    package init() {}
}
