import ArgumentParser

/// Where models are, and how clients of the model gallery are served.
struct GalleryFlags: SettingFlags {
    @Option(help: .server("model-dir")) var modelDir: [String] = []
    @Option(help: .server("model-suffix")) var modelSuffix: [String] = []
    @Option(help: .server("gallery-meta")) var galleryMeta: String?
    @Option(help: .server("legacy-dir")) var legacyDir: String?

    func give(to flags: inout GivenFlags) {
        flags.take("model-dir", modelDir)
        flags.take("model-suffix", modelSuffix)
        flags.take("gallery-meta", galleryMeta)
        flags.take("legacy-dir", legacyDir)
    }
}
