import OrderedCollections

/// A row of a legacy database (contracts/gallery.md §4), with what makes no sense left out.
struct LegacyModel: Hashable, Sendable {
    var id: Int
    /// `nil` unless the row has one of 64 hex digits.
    var hash: ContentHash?
    var path: String
    var name: String?
    var type: String?
    /// Bytes.
    var size: Int?
    var created: Milliseconds?
    /// An object.
    var meta: JSON
    /// The names of its tags.
    var words: [String]

    /// The last name in the path of its first picture; `nil` when it has none.
    ///
    /// The paths may be those of Windows.
    var picture: String? {
        guard let path = meta["images"]?.array?.first?.string,
            let last = path.utf8.split(whereSeparator: { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "\\") }).last
        else { return nil }
        let name = String(Substring(last))
        return FileName.isValid(name) ? name : nil
    }

    /// The row as a model of the gallery, which is known by `hash`.
    func model(_ hash: ContentHash) -> ModelRecord {
        ModelRecord(
            hash: hash,
            path: path,
            name: name,
            type: type,
            size: size,
            created: created,
            meta: ModelMeta.promoted(meta)
        )
    }

    /// The row as a record that waits, with a picture of this name.
    func pending(picture: String?) -> PendingModel {
        var meta = ModelMeta.promoted(meta)
        if let picture, case .object(var members) = meta {
            members["images"] = .array([.string(picture)])
            meta = .object(members)
        }
        return PendingModel(id: id, path: path, name: name, type: type, size: size, created: created, meta: meta)
    }
}
