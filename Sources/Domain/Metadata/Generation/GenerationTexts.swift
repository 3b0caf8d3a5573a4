/// The texts of a file in which programs say how they made it.
struct GenerationTexts {
    let metadata: EmbeddedMetadata
    /// EXIF's UserComment.
    let comment: String?
    /// PNG's entry `parameters`.
    let parameters: String?

    init(_ metadata: EmbeddedMetadata) {
        self.metadata = metadata
        comment = metadata.exif.isEmpty ? nil : metadata.userComment
        parameters = metadata.text("parameters").flatMap { $0.utf8.allSatisfy(TextBytes.isBlank) ? nil : $0 }
    }

    /// A text as if it stood under `parameters`.
    init(parameters: String) {
        metadata = EmbeddedMetadata(type: .png)
        comment = nil
        self.parameters = parameters
    }

    /// What Stable Diffusion web UI would have written: the comment, or else `parameters`.
    var plain: String? { comment ?? parameters }

    /// What is read where both are missing: the comment in XMP, or one of a GIF that has the form of the web UI.
    var note: String? {
        if let text = metadata.xmp.flatMap({ XMPScanner.userComment(in: $0) }) { return text }
        guard metadata.type == .gif else { return nil }
        return metadata.texts.first { $0.key == "comment" && GenerationParameters($0.text).meta["Steps"] != nil }?.text
    }

    /// The comment or `parameters`, when it is not JSON.
    var prose: String? { [comment, parameters].lazy.compactMap { $0 }.first { !GenerationJSON.isObject($0) } }

    /// The comment and `parameters`, when they look like a JSON object.
    var objects: [String] { [comment, parameters].compactMap { $0 }.filter(GenerationJSON.isObject) }
}
