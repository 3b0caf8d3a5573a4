extension ModelFileInfo {
    /// How many first bytes of a file are read at once.
    static let headLength = 16_384

    /// Reads what a model file says of itself in its header, whatever it is called; a file that says nothing is empty.
    ///
    /// A body is never read. Safetensors and GGUF say something; bytes that are neither, cut off or broken, are no error.
    static func read(_ source: inout ByteSource) -> ModelFileInfo {
        ModelFileInfo(
            GGUFMetadata.texts(&source, names) ?? SafetensorsMetadata.texts(&source, names) ?? [:]
        )
    }
}
