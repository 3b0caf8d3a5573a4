/// Names of LoRA files as people write them in prompts.
enum LoRAName {
    /// How many LoRAs of one picture are kept.
    static let limit = 256

    /// A file's name without its folders and suffix: `styles\add_detail.safetensors` is `add_detail`.
    static func name(_ file: String) -> String {
        file.reading { view in
            var range = view.trimmed(view.range)
            let slash = [UInt8(ascii: "/"), UInt8(ascii: "\\")].compactMap { view.last($0, range) }.max()
            if let slash { range = slash + 1..<range.upperBound }
            for suffix: StaticString in [".safetensors", ".pt", ".ckpt", ".bin", ".pth"]
            where range.count > suffix.utf8CodeUnitCount {
                let end = range.upperBound - suffix.utf8CodeUnitCount
                if view.hasLowered(suffix, end..<range.upperBound) {
                    range = range.lowerBound..<end
                    break
                }
            }
            return view.text(range)
        }
    }

    /// The names of a list such as `add_detail: 7c6bad76eb54, fluffy: 0.8`; at most ``limit``.
    static func list(_ text: String) -> [String] {
        guard !text.isEmpty else { return [] }
        return text.reading { view in
            var names: [String] = []
            var start = 0
            while start < view.bytes.count, names.count < limit {
                let end = view.first(UInt8(ascii: ","), start..<view.bytes.count) ?? view.bytes.count
                let name = view.trimmed(start..<(view.last(UInt8(ascii: ":"), start..<end) ?? end))
                if !name.isEmpty { names.append(view.text(name)) }
                start = end + 1
            }
            return names
        }
    }
}
