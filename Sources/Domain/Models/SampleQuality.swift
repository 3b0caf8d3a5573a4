/// In which size a sample picture is kept (contracts/gallery.md §2): a part of the base size, and the quality of WebP.
package enum SampleQuality: String, CaseIterable, Sendable {
    case high
    case medium
    case low

    /// The factor for both sides; each is cut to a whole number.
    package var scale: Double {
        switch self {
        case .high: 1
        case .medium: 0.66
        case .low: 0.33
        }
    }

    /// 0 to 100.
    package var webPQuality: Float {
        switch self {
        case .high: 80
        case .medium: 60
        case .low: 45
        }
    }
}
