/// A part that is not connected in this build.
struct WiringError: Error, CustomStringConvertible {
    private let part: String

    init(_ part: String) {
        self.part = part
    }

    var description: String { "\(part) is not part of this build" }
}
