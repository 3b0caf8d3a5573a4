/// Looks for a text in the paths of files, with what it learnt of each folder remembered.
///
/// Most folders' paths can neither hold the text nor its beginning; of their files the name alone is searched.
///
/// A class, since it is asked once a row: a copy of what it remembers would cost more than the look.
final class PathMatcher {
    private let matcher: SubstringMatcher
    private let live: LiveMatch
    private let directories: MediaDirectories
    /// By the directory's id; 0 where it is not known yet.
    private var answers: [UInt8]
    private var path: [UInt8] = []

    init(_ pattern: String, _ directories: MediaDirectories) {
        matcher = SubstringMatcher(pattern)
        live = LiveMatch(pattern)
        self.directories = directories
        answers = [UInt8](repeating: 0, count: directories.endID)
    }

    /// Whether a text, such as a generation text, holds the pattern.
    func matches(text: UnsafeRawBufferPointer) -> Bool { matcher.matches(text) }

    /// Whether the path of a file of a directory holds the pattern.
    func matches(directory: Int, name: UnsafeRawBufferPointer) -> Bool {
        switch answer(for: directory) {
        case .whole: return true
        case .nameAlone: return matcher.matches(name)
        case .begun:
            path.removeAll(keepingCapacity: true)
            directories.withPath(of: directory) { path.append(contentsOf: $0) }
            path.append(contentsOf: name)
            return path.withUnsafeBytes { matcher.matches($0) }
        }
    }

    /// What the path of a directory leaves possible.
    func answer(for directory: Int) -> LiveMatch.Answer {
        guard answers.indices.contains(directory) else { return .nameAlone }
        if let known = LiveMatch.Answer(rawValue: answers[directory]) { return known }
        let answer = directories.withPath(of: directory) { live.answer(for: $0) }
        answers[directory] = answer.rawValue
        return answer
    }
}
