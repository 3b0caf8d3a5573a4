/// The pictures of a folder that lie beside its models and show what these make.
struct SidePictures {
    /// What stands in place of a model's suffix, in the order in which they are looked for.
    static let suffixes = [
        "png", "jpg", "webp", "preview.png", "jpeg", "preview.jpg", "preview.jpeg", "preview.webp",
    ]
    private static let types: Set<String> = ["png", "jpg", "webp", "jpeg"]

    /// Names of pictures by themselves with their suffix in lower case.
    private var names: [String: String] = [:]

    /// The pictures among the files of a folder.
    init(_ listing: DirectoryListing) {
        for file in listing.files {
            guard let name = listing.name(file), let suffix = FileSuffix.of(name), Self.types.contains(suffix) else {
                continue
            }
            names[String(name.dropLast(suffix.utf8.count)) + suffix] = name
        }
    }

    /// The names of the pictures beside a model of this name, in the order in which to take the first that is one.
    func pictures(beside model: String) -> [String] {
        guard !names.isEmpty, let suffix = FileSuffix.of(model) else { return [] }
        let stem = model.dropLast(suffix.utf8.count)
        return Self.suffixes.compactMap { names[stem + $0] }
    }
}
