/// Why a picture cannot be decoded.
package enum PictureError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The bytes break the format's rules; the text says where, in the decoder's words.
    case corrupt(String)
    /// A format, or a variant of one, that is not decoded here.
    case unsupported(String)
    /// More pixels or bytes than ``PictureLimits`` allow.
    case tooLarge(String)
    /// A library ran out of memory or failed for a reason of its own.
    case failed(String)

    package var description: String {
        switch self {
        case .corrupt(let reason): "the picture is corrupt: \(reason)"
        case .unsupported(let reason): "the picture cannot be decoded here: \(reason)"
        case .tooLarge(let reason): "the picture is too large: \(reason)"
        case .failed(let reason): "decoding failed: \(reason)"
        }
    }
}
