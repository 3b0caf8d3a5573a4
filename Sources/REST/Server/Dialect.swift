/// Which dialect a path belongs to: whose form its errors have.
///
/// All dialects share one host; this is the one place that divides its paths among them. `docs/gallery.md` lists the
/// paths that more than one of them could have, and who has each.
enum Dialect: Sendable {
    case native
    case vframe
    case iib
    case gallery

    /// The dialect of a path; `iib` is that of Infinite Image Browsing when it is served.
    init(path: String, iib: IIBConfiguration?, servesGallery: Bool) {
        if iib?.owns(path) ?? false {
            self = .iib
        } else if path == "/api/v1" || path.hasPrefix("/api/v1/") {
            self = .vframe
        } else {
            self = servesGallery && GalleryPaths.owns(path) ? .gallery : .native
        }
    }
}
