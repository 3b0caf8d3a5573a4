@testable import Domain

/// Metadata of pictures as programs leave them.
enum Pictures {
    /// A PNG with these entries.
    static func png(_ texts: [(String, String)]) -> EmbeddedMetadata {
        var metadata = EmbeddedMetadata(type: .png, width: 512, height: 768)
        metadata.texts = texts.map { EmbeddedMetadata.TextEntry(key: $0.0, text: $0.1) }
        return metadata
    }

    /// A JPEG with a UserComment, and texts of EXIF's first directory.
    static func jpeg(comment: [UInt8]? = nil, _ texts: [(Int, String)] = []) -> EmbeddedMetadata {
        var metadata = EmbeddedMetadata(type: .jpeg, width: 512, height: 768)
        metadata.exif = texts.map {
            EXIFField(directory: .image, tag: $0.0, value: .text($0.1), isLittleEndian: false)
        }
        if let comment {
            metadata.exif.append(
                EXIFField(directory: .exif, tag: 37510, value: .bytes(comment), isLittleEndian: false)
            )
        }
        return metadata
    }

    /// A UserComment in UTF-16.
    static func unicode(_ text: String, littleEndian: Bool = false, mark: Bool = false) -> [UInt8] {
        var bytes = Array("UNICODE\0".utf8)
        for unit in (mark ? [0xFEFF] : []) + Array(text.utf16) {
            let (high, low) = (UInt8(unit >> 8), UInt8(unit & 255))
            bytes += littleEndian ? [low, high] : [high, low]
        }
        return bytes
    }

    static func read(_ metadata: EmbeddedMetadata, sidecar: String? = nil) -> GenerationInfo {
        GenerationInfo.read(metadata, sidecar: sidecar, kind: .image)
    }

    static func tags(_ info: GenerationInfo, _ type: String) -> [String] {
        AutoTags.tags(for: info, kind: .image, width: 512, height: 768, rules: [])
            .filter { $0.type == type }.map(\.name)
    }

    /// A text as Stable Diffusion web UI writes it.
    static let webUI = """
        masterpiece, best quality, (a cat:1.2), <lora:add_detail:0.8>, sitting on a red-sofa
        Negative prompt: lowres, bad anatomy
        Steps: 28, Sampler: DPM++ 2M Karras, CFG scale: 7, Seed: 1234567, Size: 512x768, Model hash: 7f96a1a9ca, \
        Model: anything-v4.5, Denoising strength: 0.5, Hires upscale: 2, Hires upscaler: R-ESRGAN 4x+ Anime6B, \
        Lora hashes: "add_detail: 7c6bad76eb54", Version: v1.6.0
        """
}
