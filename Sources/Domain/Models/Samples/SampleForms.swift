/// A sample picture in all qualities: WebP, upright, with nothing in it but pixels (contracts/gallery.md §2).
struct SampleForms: Sendable {
    /// How many pixels are scaled from; larger pictures are halved first, which no one can see then.
    private static let sourceLimit = 32 * 1024 * 1024
    /// WebP holds no longer side.
    private static let sideLimit = 16_383
    /// How hard the encoder tries: as hard as it can.
    private static let method: Int32 = 6

    /// The files' bytes.
    private(set) var files: [SampleQuality: [UInt8]] = [:]

    /// Makes all forms of the picture in `bytes`; fills a core for up to a few seconds.
    ///
    /// PNGs of RGBA and with a palette keep their alpha, as do WebPs; of others, greys among them, it is left out and
    /// the colours stay. Throws ``PictureError``, also for a picture so thin that WebP cannot hold it.
    init(_ bytes: [UInt8], limits: PictureLimits = PictureLimits()) throws(PictureError) {
        let stored = try PictureDecoder.decodeStored(bytes, pixels: Self.sourceLimit, limits: limits)
        let picture = Self.keepsAlpha(bytes, stored.type) ? stored.picture : stored.picture.withoutAlpha()
        let (width, height) = (stored.header.width, stored.header.height)
        try make(picture, of: width, height, Self.orientation(bytes, stored))
    }

    /// Makes all forms of a picture that was decoded elsewhere, and is upright; as ``init(_:limits:)``.
    init(_ picture: Pixmap) throws(PictureError) {
        try make(picture, of: picture.width, picture.height, .up)
    }

    private mutating func make(
        _ picture: Pixmap,
        of width: Int,
        _ height: Int,
        _ orientation: Orientation
    ) throws(PictureError) {
        let base = SampleSize(of: width, height)
        guard max(base.width, base.height) <= Self.sideLimit else {
            throw .tooLarge("\(width) x \(height) pixels, at most \(Self.sideLimit) a side can be kept")
        }
        for quality in SampleQuality.allCases {
            files[quality] = try Self.form(of: picture, base.size(quality), orientation, quality)
        }
    }

    /// The form of one quality, made from the file of the high one.
    static func form(_ quality: SampleQuality, fromHigh bytes: [UInt8]) throws(PictureError) -> [UInt8] {
        let stored = try PictureDecoder.decodeStored(bytes, pixels: sourceLimit)
        let size = SampleSize(of: stored.header.width, stored.header.height).size(quality)
        return try form(of: stored.picture, size, .up, quality)
    }

    private static func form(
        of picture: Pixmap,
        _ size: SampleSize,
        _ orientation: Orientation,
        _ quality: SampleQuality
    ) throws(PictureError) -> [UInt8] {
        guard let scaled = LanczosScaler.scale(picture, width: size.width, height: size.height) else {
            throw .failed("the size does not fit")
        }
        return try WebPPicture.encode(scaled.oriented(orientation), quality: quality.webPQuality, method: method)
    }

    /// Whether alpha is one of the picture's own colours: RGBA, or a palette.
    private static func keepsAlpha(_ bytes: [UInt8], _ type: MediaType) -> Bool {
        // The colour type of a PNG (W3C PNG §11.2.2); the header was read before.
        type != .png || bytes[25] == 6 || bytes[25] == 3
    }

    /// How the picture must be turned; in PNG and WebP it stands behind the pixels or before them.
    private static func orientation(_ bytes: [UInt8], _ stored: PictureDecoder.Stored) -> Orientation {
        guard stored.type != .jpeg else { return stored.header.orientation }
        return bytes.withUnsafeBytes { bytes in
            var source = ByteSource(bytes)
            let value = EmbeddedMetadata.read(&source, type: stored.type).exif(0x0112)
            guard case .integers(let numbers)? = value, let number = numbers.first else { return .up }
            return Orientation(rawValue: UInt8(clamping: number)) ?? .up
        }
    }
}
