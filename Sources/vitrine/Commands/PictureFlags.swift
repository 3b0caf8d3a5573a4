import ArgumentParser

/// How small pictures are made and kept.
struct PictureFlags: SettingFlags {
    @Option(help: .server("ffmpeg")) var ffmpeg: String?
    @Option(help: .server("thumbnail-cache-bytes")) var thumbnailCacheBytes: String?

    func give(to flags: inout GivenFlags) {
        flags.take("ffmpeg", ffmpeg)
        flags.take("thumbnail-cache-bytes", thumbnailCacheBytes)
    }
}
