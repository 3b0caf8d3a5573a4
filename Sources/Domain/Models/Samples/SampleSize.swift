/// How large a sample picture is kept (contracts/gallery.md §2): pixels as displayed.
struct SampleSize: Hashable, Sendable {
    /// The greatest number of pixels of a base size.
    static let pixelsLimit = 2_000_000

    var width: Int
    var height: Int

    /// The base size of a picture: its own, or the one in proportion with ``pixelsLimit`` pixels, sides cut to whole
    /// numbers.
    init(of width: Int, _ height: Int) {
        (self.width, self.height) = (width, height)
        let pixels = width * height
        if pixels > Self.pixelsLimit {
            self = part((Double(Self.pixelsLimit) / Double(pixels)).squareRoot())
        }
    }

    /// The size of a quality when this is the base; no side is ever cut to nothing.
    func size(_ quality: SampleQuality) -> SampleSize { part(quality.scale) }

    private func part(_ factor: Double) -> SampleSize {
        var size = self
        size.width = max(1, Int(Double(width) * factor))
        size.height = max(1, Int(Double(height) * factor))
        return size
    }
}
