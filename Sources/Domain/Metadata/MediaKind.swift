/// What a file of the index is: a picture, a video or a sound.
package enum MediaKind: Int, CaseIterable, Sendable {
    case image = 1
    case video = 2
    case audio = 3

    /// What a file of this type is; `nil` for one that the index does not list, such as a model.
    package init?(_ type: MediaType) {
        let family = type.rawValue.prefix { $0 != "/" }
        switch family {
        case "image": self = .image
        case "video": self = .video
        case "audio": self = .audio
        default: return nil
        }
    }

    /// What a file of this name should be, told by its suffix alone (contracts/iib.md, Media kinds); `nil` for others.
    package init?(name: String) {
        guard let dot = name.lastIndex(of: ".") else { return nil }
        switch name[name.index(after: dot)...].lowercased() {
        case "jpg", "jpeg", "jpe", "png", "gif", "bmp", "webp", "avif": self = .image
        case "mp4", "m4v", "avi", "mkv", "mov", "wmv", "flv", "ts", "webm": self = .video
        case "mp3", "wav", "ogg", "flac", "m4a", "aac", "wma": self = .audio
        default: return nil
        }
    }

    /// What a file of this name is taken for when its bytes say nothing (contracts/iib.md, Media kinds).
    ///
    /// `nil` for videos, which must look like one.
    init?(brokenName name: String) {
        guard let kind = MediaKind(name: name), kind != .video else { return nil }
        self = kind
    }
}
