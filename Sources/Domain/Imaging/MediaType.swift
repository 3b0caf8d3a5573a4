/// What a file is, told by its first bytes and never by its name.
package enum MediaType: String, CaseIterable, Sendable {
    case png = "image/png"
    case jpeg = "image/jpeg"
    case webp = "image/webp"
    case gif = "image/gif"
    case bmp = "image/bmp"
    case tiff = "image/tiff"
    case avif = "image/avif"
    case heic = "image/heic"
    case jpegXL = "image/jxl"
    case mp4 = "video/mp4"
    case quickTime = "video/quicktime"
    case webM = "video/webm"
    case matroska = "video/x-matroska"
    case avi = "video/x-msvideo"
    case wmv = "video/x-ms-wmv"
    case flv = "video/x-flv"
    case mpegTS = "video/mp2t"
    case mp3 = "audio/mpeg"
    case m4a = "audio/mp4"
    case flac = "audio/flac"
    case ogg = "audio/ogg"
    case wav = "audio/wav"
    case aac = "audio/aac"
    case wma = "audio/x-ms-wma"
    case safetensors = "application/x-safetensors"
    case gguf = "application/x-gguf"
    case torch = "application/x-pytorch"

    /// Whether it is a still or moving picture format that a thumbnail can be made of in this process.
    package var isDecodable: Bool { self == .png || self == .jpeg || self == .webp }

    /// Whether a file of this type that has no readable dimensions must be corrupt.
    var needsDimensions: Bool {
        switch self {
        case .png, .jpeg, .webp, .gif, .bmp: true
        default: false
        }
    }

    /// How many first bytes ``init(head:size:)`` may look at.
    static let headLength = 4096
    /// Within how many first bytes a name is searched for that may stand at several places.
    private static let nameLength = 64

    /// Recognises a file of `size` bytes by its first bytes; `nil` for anything that is no library file.
    ///
    /// Short, empty and arbitrary input is no library file; nothing here reads past `head`.
    init?(head: UnsafeRawBufferPointer, size: Int) {
        guard head.count >= 4 else { return nil }
        let source = ByteSource(head)
        if let simple = Self.bySignature(source) {
            self = simple
        } else if source.has("RIFF", at: 0) {
            if source.has("WEBP", at: 8) {
                self = .webp
            } else if source.has("WAVE", at: 8) {
                self = .wav
            } else if source.has("AVI ", at: 8) {
                self = .avi
            } else {
                return nil
            }
        } else if source.has("ftyp", at: 4) {
            guard let type = Self.byBrand(head, source) else { return nil }
            self = type
        } else if Self.isOldQuickTime(source, size: size) {
            self = .quickTime
        } else if head[0] == 0x1A, head[1] == 0x45, head[2] == 0xDF, head[3] == 0xA3 {
            self = Self.contains("webm", head) ? .webM : .matroska
        } else if source.has("PK\u{3}\u{4}", at: 0), Self.contains("/data.pkl", head) {
            self = .torch
        } else if Self.isMPEGAudio(head) {
            self = .mp3
        } else if Self.isADTS(head, size: size) {
            self = .aac
        } else if Self.isTransportStream(head) {
            self = .mpegTS
        } else if Self.isSafetensors(source, size: size) {
            self = .safetensors
        } else {
            return nil
        }
    }

    private static func bySignature(_ source: ByteSource) -> MediaType? {
        var source = source
        switch source.big(0, 4) {
        case 0x8950_4E47: return source.big(4, 4) == 0x0D0A_1A0A ? .png : nil
        case 0x4749_4638: return source.has("GIF87a", at: 0) || source.has("GIF89a", at: 0) ? .gif : nil
        case 0x4949_2A00, 0x4D4D_002A: return .tiff
        case 0x664C_6143: return .flac
        case 0x4F67_6753: return .ogg
        case 0x4747_5546: return .gguf
        case 0x464C_5601: return source.byte(4).map { $0 & 0xFA == 0 } == true ? .flv : nil
        case 0x3026_B275: return advancedSystems(source)
        case 0x0000_000C: return source.big(4, 4) == 0x4A58_4C20 ? .jpegXL : nil
        default: break
        }
        if source.big(0, 3) == 0xFF_D8FF { return .jpeg }
        if source.big(0, 3) == 0x49_4433 { return .mp3 }
        if source.big(0, 2) == 0xFF0A { return .jpegXL }
        // "BM", and a header of a length that exists: two letters alone would take in text.
        if source.has("BM", at: 0), let header = source.little(14, 4), [12, 40, 52, 56, 64, 108, 124].contains(header) {
            return .bmp
        }
        return nil
    }

    /// ISO base media files say what they are by brands (ISO/IEC 14496-12 §4.3).
    private static func byBrand(_ head: UnsafeRawBufferPointer, _ source: ByteSource) -> MediaType? {
        var source = source
        guard let length = source.big(0, 4), length >= 12 else { return nil }
        var brands: [Int] = []
        for offset in [8] + stride(from: 16, to: min(length, head.count), by: 4) {
            if let brand = source.big(offset, 4) { brands.append(brand) }
        }
        let has = { (name: StaticString) in
            brands.contains((0..<4).reduce(0) { $0 << 8 | Int(name.utf8Start[$1]) })
        }
        if has("avif") || has("avis") { return .avif }
        if has("heic") || has("heix") || has("hevc") || has("mif1") || has("msf1") { return .heic }
        guard let major = brands.first else { return nil }
        switch major {
        case 0x7174_2020: return .quickTime
        case 0x4D34_4120, 0x4D34_4220, 0x4D34_5020: return .m4a
        default: return .mp4
        }
    }

    private static func contains(_ text: StaticString, _ head: UnsafeRawBufferPointer) -> Bool {
        let source = ByteSource(head)
        return (0..<min(head.count, nameLength)).contains { source.has(text, at: $0) }
    }

    /// ASF (Advanced Systems Format §3): a sound when the streams that its header names are all sounds.
    private static func advancedSystems(_ source: ByteSource) -> MediaType? {
        var source = source
        guard source.big(4, 4) == 0x8E66_CF11, source.big(8, 4) == 0xA6D9_00AA, source.big(12, 4) == 0x0062_CE6C
        else { return nil }
        var offset = 30
        var hasSound = false
        while let size = source.little64(offset + 16), size >= 24, size <= Int32.max {
            // Stream Properties Object, then the first bytes of the type of the stream: video, or audio.
            if source.big(offset, 4) == 0x9107_DCB7, source.big(offset + 4, 4) == 0xB7A9_CF11 {
                if source.big(offset + 24, 4) == 0xC0EF_19BC { return .wmv }
                if source.big(offset + 24, 4) == 0x409E_69F8 { hasSound = true }
            }
            offset += size
        }
        return hasSound ? .wma : .wmv
    }

    /// QuickTime from before there were brands: the first box is one of a film, and fits.
    private static func isOldQuickTime(_ source: ByteSource, size: Int) -> Bool {
        guard source.has("moov", at: 4) || source.has("mdat", at: 4) || source.has("wide", at: 4) else { return false }
        var source = source
        return source.big(0, 4).map { $0 == 1 || $0 >= 8 && $0 <= size } ?? false
    }

    /// An ADTS frame (ISO/IEC 13818-7 §6.2) with no reserved value in it, and another one behind it or the end.
    private static func isADTS(_ head: UnsafeRawBufferPointer, size: Int) -> Bool {
        func frame(_ offset: Int) -> Int? {
            guard offset + 7 <= head.count, head[offset] == 0xFF, head[offset + 1] & 0xF6 == 0xF0,
                head[offset + 2] >> 2 & 0xF < 13
            else { return nil }
            let length = Int(head[offset + 3] & 3) << 11 | Int(head[offset + 4]) << 3 | Int(head[offset + 5] >> 5)
            return length > 7 ? length : nil
        }
        guard let length = frame(0), length <= size else { return false }
        return length == size || length + 7 > head.count || frame(length) != nil
    }

    /// Packets of an MPEG transport stream (ISO/IEC 13818-1 §2.4.3), also with the four bytes before each of a Blu-ray.
    private static func isTransportStream(_ head: UnsafeRawBufferPointer) -> Bool {
        [(0, 188), (4, 192)].contains { first, length in
            head.count >= first + 2 * length + 4
                && stride(from: first, through: min(head.count - 4, first + 4 * length), by: length).allSatisfy {
                    head[$0] == 0x47 && head[$0 + 1] & 0x80 == 0 && head[$0 + 3] & 0x30 != 0
                }
        }
    }

    /// An MPEG audio frame header with no reserved value in it, layer III.
    private static func isMPEGAudio(_ head: UnsafeRawBufferPointer) -> Bool {
        guard head[0] == 0xFF, head[1] & 0xE6 == 0xE2, head[1] & 0x18 != 0x08 else { return false }
        return head[2] & 0xF0 != 0xF0 && head[2] & 0xF0 != 0 && head[2] & 0x0C != 0x0C
    }

    /// A length of a JSON header that fits the file, then the JSON itself.
    private static func isSafetensors(_ source: ByteSource, size: Int) -> Bool {
        var source = source
        guard let length = source.little64(0), length >= 2, length <= 100_000_000, length <= size - 8 else {
            return false
        }
        return source.has("{\"", at: 8) || source.has("{}", at: 8)
    }
}
