@testable import Domain

extension TestPicture {
    /// A small grey PNG with a generation text; other sides and texts make other contents.
    static func described(_ side: Int, _ text: String) -> [UInt8] {
        png(
            side,
            1,
            depth: 8,
            colour: 0,
            rows: [0] + [UInt8](repeating: 90, count: side),
            chunks: text.isEmpty ? [] : [("tEXt", Array("parameters\0".utf8) + Array(text.utf8))]
        )
    }

    /// A generation text whose prompt holds these words.
    static func prompt(_ words: String, model: String = "dream") -> String {
        "\(words)\nNegative prompt: blurry\nSteps: 20, Sampler: Euler a, Seed: 7, Size: 8x8, Model: \(model)"
    }
}
