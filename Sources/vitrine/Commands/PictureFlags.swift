import ArgumentParser

/// How pictures are read, and how small ones are made and kept.
struct PictureFlags: SettingFlags {
    @Option(help: .server("ffmpeg")) var ffmpeg: String?
    @Option(help: .server("thumbnail-cache-bytes")) var thumbnailCacheBytes: String?
    @Flag(inversion: .prefixedNo, help: .server("stealth-metadata")) var stealthMetadata: Bool?

    func give(to flags: inout GivenFlags) {
        flags.take("ffmpeg", ffmpeg)
        flags.take("thumbnail-cache-bytes", thumbnailCacheBytes)
        flags.take("stealth-metadata", stealthMetadata)
    }
}
