/// Where models of each type lie, and by which suffixes they are known.
package struct ModelFolders: Hashable, Sendable {
    /// The types that are there without being configured (contracts/gallery.md §4, get_types).
    package static let defaultTypes = [
        "checkpoints", "loras", "embeddings", "hypernetworks", "controlnet", "upscale_models", "vae", "clip", "unet",
        "other",
    ]
    /// Suffixes of model files, lower case, for types that name none.
    package static let defaultSuffixes: Set<String> = [
        "safetensors", "sft", "ckpt", "pt", "pth", "bin", "gguf", "onnx",
    ]

    /// One type: its folders and the suffixes of its files.
    package struct Kind: Hashable, Sendable {
        package var name: String
        /// Absolute.
        package var folders: [String]
        /// Lower case, without the dot.
        package var suffixes: Set<String>

        package init(name: String, folders: [String], suffixes: Set<String> = ModelFolders.defaultSuffixes) {
            self.name = name
            self.folders = folders
            self.suffixes = suffixes
        }
    }

    /// In the order in which they are shown.
    package var kinds: [Kind]

    package init(kinds: [Kind]) { self.kinds = kinds }

    /// The default types, each with the folder of its name below `folder`.
    package static func standard(below folder: String) -> ModelFolders {
        ModelFolders(kinds: defaultTypes.map { Kind(name: $0, folders: [FolderPath.joined(folder, $0)]) })
    }
}
