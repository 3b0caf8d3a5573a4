#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Which old pixels make each new one in one direction, and how much each of them counts: a sinc under the middle lobe
/// of another one three times as wide (Duchon 1979, Lanczos filtering).
///
/// Made once a picture, so that scaling it does nothing but multiply and add.
struct LanczosKernel {
    /// How many lobes there are to each side.
    private static let lobes = 3.0

    /// The old pixels of one new pixel, and where their weights lie in ``weights``.
    struct Span {
        var first: Int
        var count: Int
        var weight: Int
    }

    /// One for each new pixel; neither end ever lies before that of the span before it.
    let spans: [Span]
    /// The weights of one span add up to 1.
    let weights: [Float]

    /// The kernel for making `source` pixels to `count`, which must be positive and not more.
    init?(from source: Int, to count: Int) {
        guard count > 0, count <= source else { return nil }
        let scale = Double(source) / Double(count)
        let reach = Self.lobes * scale
        var spans: [Span] = []
        var weights: [Float] = []
        spans.reserveCapacity(count)
        weights.reserveCapacity(count * (Int(2 * reach) + 2))
        for index in 0..<count {
            let centre = (Double(index) + 0.5) * scale
            var first = max(0, Int((centre - reach).rounded()))
            let end = min(source, Int((centre + reach).rounded()))
            var values = (first..<end).map { Self.value((Double($0) + 0.5 - centre) / scale) }
            // Where the sizes are equal, all but one are nothing.
            while let last = values.last, abs(last) < 1e-9 { values.removeLast() }
            let zeros = values.prefix { abs($0) < 1e-9 }.count
            values.removeFirst(zeros)
            first += zeros
            let sum = values.reduce(0, +)
            spans.append(Span(first: first, count: values.count, weight: weights.count))
            for value in values { weights.append(Float(value / sum)) }
        }
        self.spans = spans
        self.weights = weights
    }

    /// The filter `x` new pixels away from the middle.
    private static func value(_ x: Double) -> Double {
        guard abs(x) < lobes else { return 0 }
        return sinc(x) * sinc(x / lobes)
    }

    private static func sinc(_ x: Double) -> Double { x == 0 ? 1 : sin(.pi * x) / (.pi * x) }
}
