import Synchronization

/// Reads from a file what the index keeps of it: its header, its metadata, its generation text and its tags.
struct MediaReader: Sendable {
    /// Grows when a reader finds more or other things in the same file; files read by an older one are read again.
    static let version = 3

    /// What reading a file gave.
    enum Reading {
        case described(MediaDescription)
        /// A file of the library that the index does not list, such as a model.
        case unlisted
        /// It says that it is a picture, but its header is broken.
        case corrupt
    }

    private let rules: [AutoTagRule]
    private let options: GenerationOptions

    /// A reader with the rules that people keep in the store, as of now.
    init(store: Store, options: GenerationOptions) throws {
        let setting = try store.clientSetting("auto_tag_rules").flatMap { try? JSONParser.parse($0) }
        rules = AutoTagRule.rules(setting) { RulePattern($0) }
        self.options = options
    }

    /// Reads a file of the given type.
    ///
    /// `sidecar` is the text beside it, `log` gives what a page of Fooocus says of it, and `path` names it for a decoder
    /// that looks for a text in its pixels.
    func read(
        _ source: inout ByteSource,
        type: MediaType,
        sidecar: String?,
        log: () -> JSON?,
        path: () -> String
    ) -> Reading {
        let metadata = EmbeddedMetadata.read(&source, type: type)
        if metadata.width == nil, type.needsDimensions { return .corrupt }
        guard let kind = MediaKind(type) else { return .unlisted }
        let info = GenerationInfo.read(
            metadata,
            sidecar: sidecar,
            kind: kind,
            options: options,
            alpha: { type.isDecodable && metadata.hasAlpha ? Self.pixels(path()) : nil },
            log: log
        )
        var description = MediaDescription(kind: kind, width: metadata.width, height: metadata.height)
        description.text = info.text
        description.model = info.model
        description.seed = info.seed
        description.rating = metadata.rating
        description.tags = AutoTags.tags(
            for: info,
            kind: kind,
            width: metadata.width,
            height: metadata.height,
            rules: rules
        )
        return .described(description)
    }

    /// What the index keeps of a file whose bytes are not what its name says.
    ///
    /// Nothing is read of a picture, and of a sound its side-car, which is all that there is of whole ones too.
    func describe(broken kind: MediaKind, sidecar: String?) -> MediaDescription {
        let info = kind == .image ? GenerationInfo() : sidecar.map { GenerationInfo($0) } ?? GenerationInfo()
        var description = MediaDescription(kind: kind)
        description.isBroken = true
        description.text = info.text
        description.model = info.model
        description.seed = info.seed
        description.tags = AutoTags.tags(for: info, kind: kind, width: nil, height: nil, rules: rules)
        return description
    }

    /// The pixels of a picture as they are stored; `nil` when it cannot be decoded.
    private static func pixels(_ path: String) -> Pixmap? {
        guard let bytes = FileReading.bytes(path, limit: PictureLimits().bytes) else { return nil }
        return try? PictureDecoder.decode(bytes, side: .max)
    }
}

/// The pattern of a rule; threads that examine files take turns with it.
private final class RulePattern: TextMatching {
    private let matcher: Mutex<PatternMatcher>

    /// `nil` for a pattern that is none.
    init?(_ pattern: String) {
        guard let pattern = try? TextPattern(pattern), let matcher = try? PatternMatcher(pattern) else { return nil }
        self.matcher = Mutex(matcher)
    }

    /// A pattern that takes too long is not found.
    func matches(_ text: String) -> Bool { matcher.withLock { (try? $0.matches(text)) ?? false } }
}
