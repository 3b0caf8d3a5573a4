/// The box that a thumbnail must fit into, in pixels (contracts/iib.md §2).
package struct ThumbnailSize: Hashable, Sendable, CustomStringConvertible {
    /// The greatest side.
    package static let limit = 4096

    package let width: Int
    package let height: Int

    /// A box; `nil` unless both sides are 1 to ``limit``.
    package init?(width: Int, height: Int) {
        guard (1...Self.limit).contains(width), (1...Self.limit).contains(height) else { return nil }
        self.width = width
        self.height = height
    }

    /// Reads `512x384`; `nil` for any other form and for sides that are not 1 to ``limit``.
    package init?(_ text: some StringProtocol) {
        let sides = text.utf8.split(separator: UInt8(ascii: "x"), omittingEmptySubsequences: false)
        guard sides.count == 2, let width = Self.number(sides[0]), let height = Self.number(sides[1]) else {
            return nil
        }
        self.init(width: width, height: height)
    }

    /// A square; sides outside of 1 to ``limit`` become the nearest.
    init(square side: Int) {
        width = min(max(side, 1), Self.limit)
        height = width
    }

    private static func number(_ digits: some Collection<UInt8>) -> Int? {
        guard (1...4).contains(digits.count) else { return nil }
        return digits.reduce(0 as Int?) { value, digit in
            guard let value, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
            return value * 10 + Int(digit - UInt8(ascii: "0"))
        }
    }

    package var description: String { "\(width)x\(height)" }

    /// With width and height in each other's place.
    var turned: ThumbnailSize { ThumbnailSize(turning: self) }

    private init(turning size: ThumbnailSize) {
        width = size.height
        height = size.width
    }

    /// The size of a picture made to fit, its sides in proportion, neither below 1; one that fits keeps its size.
    func fit(width: Int, height: Int) -> (width: Int, height: Int) {
        guard width > self.width || height > self.height else { return (width, height) }
        if width * self.height >= height * self.width {
            return (self.width, max(1, (height * self.width + width / 2) / width))
        }
        return (max(1, (width * self.height + height / 2) / height), self.height)
    }
}
