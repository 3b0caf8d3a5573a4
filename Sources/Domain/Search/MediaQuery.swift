/// What is looked for in the index; everything given must hold.
package struct MediaQuery: Hashable, Sendable {
    /// In which order files are answered.
    package enum Order: Hashable, Sendable {
        /// By date, then by id, both descending.
        case newest
        /// Shuffled, the same way for the same seed.
        case random(seed: UInt64)
    }

    /// A text that the path or the generation text holds; empty: everything.
    ///
    /// ASCII letters are compared without case; `%` stands for any run of characters and `_` for any one, as in SQL's
    /// LIKE.
    package var text = ""
    /// A regular expression that is found in the path or the text (Python's syntax, case ignored, `^` and `$` at every
    /// line, `.` also a line break).
    ///
    /// It stands in place of ``text``.
    package var pattern: String?
    /// Whether only paths are looked at.
    package var isPathOnly = false
    /// Words of which neither path nor text may hold one.
    package var without: [String] = []
    /// Absolute, resolved folders, at or below which a file must lie; `nil`: anywhere, empty: nowhere.
    package var folders: [String]?
    /// Further folders, as ``folders``: what the one who asks may see.
    package var scope: [String]?
    /// `nil`: all.
    package var kinds: Set<MediaKind>?
    /// Ids of tags: all of the first, one of the second when there are any, none of the third.
    package var allTags: [Int] = []
    package var anyTags: [Int] = []
    package var noTags: [Int] = []
    /// Further groups of tags, one of each of which a file must have; an empty group has no file.
    package var tagGroups: [[Int]] = []
    /// Whether a file must have a tag at all.
    package var needsTag = false
    /// Bytes; seconds since 1970; pixels; the model's name, a part of it without case; 0 to 5.
    package var sizes: ClosedRange<Int>?
    package var dates: ClosedRange<Int>?
    package var widths: ClosedRange<Int>?
    package var heights: ClosedRange<Int>?
    package var seeds: ClosedRange<UInt64>?
    package var model: String?
    package var ratings: ClosedRange<Double>?

    package var order = Order.newest
    /// Where the last page ended; `nil` for the first page.
    package var after: MediaCursor?
    /// How many files a page holds.
    package var limit = 200

    package init() {}

    /// The smallest date that a file may have.
    var oldestDate: Int { dates?.lowerBound ?? .min }

    /// All groups of tags one of which a file must have.
    var groups: [[Int]] { anyTags.isEmpty ? tagGroups : tagGroups + [anyTags] }
}

/// The place of the last file of a page in the order of its query.
package enum MediaCursor: Hashable, Sendable {
    /// Files older than the date, and with an id also those of that very second with a lower id.
    case before(date: Int, id: Int?)
    /// The key of the file in a shuffled order, and its id.
    case shuffled(key: UInt64, id: Int)
}

/// A page of what was found.
package struct MediaPage: Hashable, Sendable {
    package var media: [IndexedMedia]
    /// Where the next page begins; `nil` when this is the last.
    package var next: MediaCursor?

    package init(media: [IndexedMedia] = [], next: MediaCursor? = nil) {
        self.media = media
        self.next = next
    }
}

/// Why a query has no answer.
package enum MediaQueryError: Error, Hashable, Sendable {
    /// The regular expression is none; what is wrong with it and where.
    case invalidPattern(String)
    /// The regular expression takes too long.
    case patternTooSlow
}
