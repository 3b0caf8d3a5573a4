import Domain

/// Fuzz target for what pictures say of how they were generated (contracts/iib.md §3, §5).
///
/// The first byte says under which name the rest stands. Whatever the bytes are, nothing may crash or take long, bounds
/// hold, tags come once, and what was written in the form of Stable Diffusion web UI reads the same again.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzGeneration(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = data.map { Array(UnsafeBufferPointer(start: $0, count: count)) } ?? []
    guard let kind = bytes.first else { return 0 }
    let body = Array(bytes.dropFirst())
    if kind == 7 {
        hidden(body)
        return 0
    }
    let info = GenerationInfo.read(metadata(kind, body), sidecar: nil, kind: .image)
    let tags = AutoTags.tags(for: info, kind: .image, width: 1, height: 2, rules: rules)
    precondition(Set(tags).count == tags.count, "a tag comes twice")
    precondition(tags.allSatisfy { AutoTags.accepts($0.name) }, "a name that no tag may have")
    precondition(info.meta.entries.count <= GenerationMeta.limit, "more parameters than allowed")
    // A prompt with a line that itself starts the negative prompt is the one thing that cannot be told apart.
    guard !info.text.isEmpty, !starts(info.positive) else { return 0 }
    let again = GenerationInfo(info.text)
    precondition(again.positive == info.positive, "the prompt reads differently again")
    precondition(again.negative == info.negative, "the negative prompt reads differently again")
    if info.source != "ComfyUI" { precondition(again == info, "a parameter reads differently again") }
    return 0
}

private let rules = [
    AutoTagRule(tag: "cat", filters: [.init(field: .positivePrompt, test: .contains("cat"))]),
    AutoTagRule(tag: "steps", filters: [.init(field: .parameter("Steps"), test: .equals("20"))]),
]

private func starts(_ prompt: String) -> Bool {
    prompt.split(separator: "\n").contains { $0.hasPrefix("Negative prompt:") }
}

private func metadata(_ kind: UInt8, _ body: [UInt8]) -> EmbeddedMetadata {
    var metadata = EmbeddedMetadata(type: .png)
    let keys = ["parameters", "prompt", "workflow", "invokeai_metadata", "sd-metadata", "Dream", "Comment"]
    if kind < keys.count {
        metadata.texts = [.init(key: keys[Int(kind)], text: String(decoding: body, as: UTF8.self))]
        if kind == 6 { metadata.texts.append(.init(key: "Software", text: "NovelAI")) }
    } else {
        metadata.exif = [.init(directory: .exif, tag: 37510, value: .bytes(body), isLittleEndian: kind & 1 == 1)]
    }
    return metadata
}

/// The bytes as the lowest bits of alpha, column by column.
private func hidden(_ body: [UInt8]) {
    guard !body.isEmpty else { return }
    var pixels = [UInt8](repeating: 0, count: 4 * 8 * body.count)
    for (index, byte) in body.enumerated() {
        for bit in 0..<8 { pixels[4 * (8 * index + bit) + 3] = byte >> (7 - UInt8(bit)) & 1 }
    }
    guard let picture = Pixmap(width: 1, height: 8 * body.count, pixels: pixels) else { return }
    let options = GenerationOptions(readsHiddenText: true)
    _ = GenerationInfo.read(EmbeddedMetadata(type: .png), sidecar: nil, kind: .image, options: options) { picture }
}
