/// Everything about the dialect of the model gallery (contracts/gallery.md) that the user may decide.
package struct GalleryConfiguration: Sendable {
    /// How `meta_json` of a record is answered; both forms are taken.
    package enum MetaForm: String, CaseIterable, Sendable {
        /// A text that holds JSON.
        case string
        /// An object.
        case object
    }

    /// How `meta_json` is answered; the object is under `meta` in either case.
    package var metaForm: MetaForm

    /// A dialect with its defaults.
    package init(metaForm: MetaForm = .string) {
        self.metaForm = metaForm
    }
}
