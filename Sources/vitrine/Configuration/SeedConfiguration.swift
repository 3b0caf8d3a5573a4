/// What can be set about `vitrine seed` besides the data folder.
struct SeedConfiguration: Hashable, Sendable {
    /// The folder of pictures to copy; the demo library when `nil`.
    var source: String?
}

/// The table of what can be set about `vitrine seed` only.
enum SeedSettings {
    /// All of them.
    static let all: [Setting<SeedConfiguration>] = [
        .optionalPath("from", \.source, help: "The folder of pictures to copy; the demo library when not set")
    ]
}
