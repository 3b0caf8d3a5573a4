/// A picture in memory: rows of RGBA, 8 bits each, alpha not multiplied into the colours.
package struct Pixmap: Hashable, Sendable {
    package let width: Int
    package let height: Int
    /// `4 * width * height` bytes.
    package private(set) var pixels: [UInt8]

    /// A picture of the given pixels; `nil` when their number is wrong or a side is not positive.
    package init?(width: Int, height: Int, pixels: [UInt8]) {
        guard width > 0, height > 0, width <= 1 << 28, height <= 1 << 28, pixels.count == 4 * width * height else {
            return nil
        }
        self.width = width
        self.height = height
        self.pixels = pixels
    }

    /// Whether no pixel has alpha.
    var isOpaque: Bool {
        pixels.withUnsafeBytes { pixels in
            var common = UInt8.max
            for index in stride(from: 3, to: pixels.count, by: 4) { common &= pixels[index] }
            return common == 255
        }
    }

    /// The picture turned and mirrored as `orientation` demands, so that it is seen upright.
    package func oriented(_ orientation: Orientation) -> Pixmap {
        guard orientation != .up else { return self }
        let (newWidth, newHeight) = orientation.swapsSides ? (height, width) : (width, height)
        let turned = [UInt8](unsafeUninitializedCapacity: pixels.count) { buffer, count in
            count = pixels.count
            let target = UnsafeMutableRawBufferPointer(buffer)
            pixels.withUnsafeBytes { pixels in
                for y in 0..<newHeight {
                    for x in 0..<newWidth {
                        let source = orientation.source(x: x, y: y, width: width, height: height)
                        let word = pixels.loadUnaligned(
                            fromByteOffset: 4 * (source.y * width + source.x),
                            as: UInt32.self
                        )
                        target.storeBytes(of: word, toByteOffset: 4 * (y * newWidth + x), as: UInt32.self)
                    }
                }
            }
        }
        return Pixmap(width: newWidth, height: newHeight, pixels: turned) ?? self
    }

    /// The picture with its colours as they are and no alpha.
    func withoutAlpha() -> Pixmap {
        var picture = self
        picture.pixels.withUnsafeMutableBytes { pixels in
            for index in stride(from: 3, to: pixels.count, by: 4) { pixels[index] = 255 }
        }
        return picture
    }
}
