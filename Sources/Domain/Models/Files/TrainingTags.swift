/// The words that every training picture of a LoRA has, which are what it is called by.
///
/// Kohya's trainer writes how often each tag stood in the captions of each folder (`ss_tag_frequency`: folder, then tag
/// and number), and how many pictures the folders have (`ss_dataset_dirs`: folder, then `img_count`).
enum TrainingTags {
    /// How many words there are at most.
    static let limit = 10
    private static let wordLimit = 256
    /// The words of all pictures of a folder, in the order of the captions; none when the texts are something else.
    ///
    /// Frequencies may be cut off: words of every picture are in the first caption, and so stand first.
    static func words(frequencies: String, folders: String?) -> [String] {
        let counts = folders.flatMap { try? JSONParser.parse($0) }
        var frequencies = frequencies
        return frequencies.withUTF8 { words(UnsafeRawBufferPointer($0), counts) }
    }

    private static func words(_ bytes: UnsafeRawBufferPointer, _ counts: JSON?) -> [String] {
        var words: [String] = []
        guard var folders = JSONMembers(bytes) else { return [] }
        while let folder = folders.nextObject() {
            var tags = folder.members
            var found: [(name: Range<Int>, count: Int)] = []
            while let tag = tags.next() {
                if let count = tags.count(tag.value) { found.append((tag.name, count)) }
            }
            let name = folders.text(folder.name, limit: wordLimit)
            // Where the number of pictures is not known, it is that of the most frequent tag.
            let pictures = name.flatMap { counts?[$0]?["img_count"]?.int } ?? found.map(\.count).max()
            for tag in found where tag.count >= pictures ?? 0 && tag.count > 0 {
                guard words.count < limit else { return words }
                guard let word = ModelFileInfo.clean(tags.text(tag.name, limit: wordLimit), limit: wordLimit),
                    !words.contains(word)
                else { continue }
                words.append(word)
            }
            guard tags.isComplete else { break }
            folders.resume(after: tags)
        }
        return words
    }
}
