/// What a scan for models found (contracts/gallery.md, `POST /api/models/scan`).
package struct ModelScanReport: Hashable, Sendable {
    /// Every distinct file of a model type.
    package var scanned = 0
    /// Files that are models or wait already, and unreadable ones; `scanned` without ``pending``.
    package var skipped = 0
    /// Ids of the new records.
    package var pending: [Int] = []

    package init() {}
}
