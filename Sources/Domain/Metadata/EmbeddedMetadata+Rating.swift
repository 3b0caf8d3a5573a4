extension EmbeddedMetadata {
    /// The user's rating from 0 to 5: `xmp:Rating` (XMP part 1 §8.4), else the EXIF field that Windows writes.
    ///
    /// `nil` when there is none, when it says "rejected" (-1), and when it is no such number.
    package var rating: Double? {
        let rating = xmp.flatMap { XMPScanner.number("Rating", in: $0) } ?? exif(0x4746)?.number
        return rating.flatMap { (0...5).contains($0) ? $0 : nil }
    }
}
