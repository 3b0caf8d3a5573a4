/// What a scan for models found (contracts/gallery.md, `POST /api/models/scan`).
package struct ModelScanReport: Hashable, Sendable {
    /// Every distinct file of a model type.
    package var scanned = 0
    /// Files that are models or wait already, and unreadable ones; `scanned` without ``pending``.
    package var skipped = 0
    /// Ids of the new records.
    package var pending: [Int] = []

    package init() {}

    /// The report that stands in JSON as ``json`` writes it; `nil` for anything else.
    init?(_ json: JSON) {
        guard let scanned = json["scanned"]?.int, let skipped = json["skipped"]?.int,
            let pending = json["pending_ids"]?.array?.map(\.int), !pending.contains(nil)
        else { return nil }
        self.scanned = scanned
        self.skipped = skipped
        self.pending = pending.compactMap(\.self)
    }

    /// The report as a task's result, in the contract's words.
    var json: JSON {
        [
            "scanned": .int(Int64(scanned)), "pending_added": .int(Int64(pending.count)),
            "skipped": .int(Int64(skipped)), "pending_ids": .array(pending.map { .int(Int64($0)) }),
        ]
    }
}
