/// What a file says of itself besides its pixels: text entries, EXIF fields, XMP.
///
/// Reading is bounded: entries, their length and what they unpack to; what is past a bound is left out.
package struct EmbeddedMetadata: Hashable, Sendable {
    /// One text of a container under its name: a PNG keyword (PNG §11.3.3), `comment` of a GIF or JPEG, an atom of MP4.
    package struct TextEntry: Hashable, Sendable {
        package var key: String
        package var text: String

        package init(key: String, text: String) {
            self.key = key
            self.text = text
        }
    }

    /// What the file is.
    package var type: MediaType
    /// Pixels as displayed; `nil` when not known.
    package var width: Int?
    package var height: Int?
    /// In the order of the file; a name may come twice.
    package var texts: [TextEntry] = []
    /// What the container says of itself in numbers, as text: `dpi`, `gamma`, `jfif_version`.
    package var facts: [TextEntry] = []
    /// How long a video or sound lasts, in seconds; `nil` when not known.
    package var duration: Double?
    /// The fields of IFD0, the Exif IFD and the GPS IFD, in this order.
    package var exif: [EXIFField] = []
    /// The XMP packet as text.
    package var xmp: String?
    /// Whether the picture has an alpha channel, in which a text may be hidden.
    package var hasAlpha = false

    package init(type: MediaType, width: Int? = nil, height: Int? = nil) {
        self.type = type
        self.width = width
        self.height = height
    }

    /// The first text under a name, compared exactly.
    package func text(_ key: String) -> String? { texts.first { $0.key == key }?.text }

    /// The value of the first EXIF field with this tag.
    package func exif(_ tag: Int) -> EXIFField.Value? { exif.first { $0.tag == tag }?.value }
}
