/// How pending models become models of the gallery (contracts/gallery.md §3, promotion).
package enum ModelImport {
    /// What is done about a model of the same content that is there already.
    package enum Strategy: String, CaseIterable, Sendable {
        /// The pending record takes its place.
        case override
        /// It stays; only what is empty in it is filled.
        case merge
        /// Nothing is done, and the record goes on waiting; also without a conflict.
        case ignore
        /// The pending record goes; also without a conflict. The file of the model is never touched.
        case delete
    }

    /// What became of one record.
    package enum Outcome: Hashable, Sendable {
        case success(ContentHash)
        /// There is such a model, and no strategy was given.
        case conflict(ContentHash, pending: Place, existing: Place)
        case ignored(ContentHash)
        /// Without a hash where the file could not be read: nothing depends on it.
        case deleted(ContentHash?)
        case failed(Failure)
    }

    /// A record, or a model by its hash, and the path of its file.
    package struct Place: Hashable, Sendable {
        package var id: String
        package var path: String

        package init(id: String, path: String) {
            self.id = id
            self.path = path
        }
    }

    /// Why a record was not imported; the texts are the contract's.
    package enum Failure: Error, Hashable, Sendable {
        case notFound
        case missingPath
        case hashFailed
        case picture(String)
        /// The import ended before it could answer for the record, which may be done or not.
        case cutShort(String)

        package var text: String {
            switch self {
            case .notFound: "Pending model not found"
            case .missingPath: "Pending model missing path"
            case .hashFailed: "SHA256 calculation failed"
            case .picture(let text), .cutShort(let text): text
            }
        }
    }
}
