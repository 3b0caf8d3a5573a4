/// A rule that gives a file a tag of the type `custom` when all its filters hold (contracts/iib.md §5).
package struct AutoTagRule: Sendable {
    /// What a filter looks at.
    package enum Field: Hashable, Sendable {
        /// The positive prompt: as a list of tags with commas, or as it was written.
        case positivePrompt
        case negativePrompt
        /// A parameter of the generation.
        case parameter(String)

        init(_ name: String) {
            switch name {
            case "pos_prompt": self = .positivePrompt
            case "neg_prompt": self = .negativePrompt
            default: self = .parameter(name)
            }
        }
    }

    /// How a filter compares; letters are compared without case.
    package enum Test: Sendable {
        /// The value is in small letters.
        case contains(String)
        /// The value is in small letters.
        case equals(String)
        case matches(any TextMatching)

        func holds(_ text: String) -> Bool {
            switch self {
            case .contains(let value): value.isEmpty || Self.isFound(value, text.lowercased())
            case .equals(let value): text.lowercased() == value
            case .matches(let pattern): pattern.matches(text)
            }
        }

        private static func isFound(_ part: String, _ text: String) -> Bool {
            part.reading { part in
                text.reading { text in
                    guard let first = part.bytes.first, text.bytes.count >= part.bytes.count else { return false }
                    let last = text.bytes.count - part.bytes.count
                    var start = 0
                    while let next = text.first(first, start..<last + 1) {
                        if text.bytes[next..<next + part.bytes.count].elementsEqual(part.bytes) { return true }
                        start = next + 1
                    }
                    return false
                }
            }
        }
    }

    /// One condition.
    package struct Filter: Sendable {
        package var field: Field
        package var test: Test

        package init(field: Field, test: Test) {
            self.field = field
            self.test = test
        }
    }

    /// How many rules, and filters of a rule, are read.
    package static let limit = 256
    /// The longest value of a filter, in bytes.
    package static let valueLimit = 4_096

    package var tag: String
    package var filters: [Filter]

    package init(tag: String, filters: [Filter]) {
        self.tag = tag
        self.filters = filters
    }

    /// Reads the setting `auto_tag_rules`.
    ///
    /// A rule is left out when it has no name that a tag may have, no filter, or a filter that cannot be understood:
    /// another operator, a value that is no text or too long, a pattern for which `pattern` answers `nil`.
    package static func rules(
        _ setting: JSON?,
        pattern: (String) -> (any TextMatching)?
    ) -> [AutoTagRule] {
        (setting?.array ?? []).prefix(limit).compactMap { rule in
            guard let tag = rule["tag"]?.string, AutoTags.accepts(tag), let filters = rule["filters"]?.array,
                !filters.isEmpty, filters.count <= limit
            else { return nil }
            var read: [Filter] = []
            for filter in filters {
                guard let next = Self.filter(filter, pattern) else { return nil }
                read.append(next)
            }
            return AutoTagRule(tag: tag, filters: read)
        }
    }

    private static func filter(_ filter: JSON, _ pattern: (String) -> (any TextMatching)?) -> Filter? {
        guard let field = filter["field"]?.string, let value = filter["value"]?.scalarText,
            value.utf8.count <= valueLimit
        else { return nil }
        let test: Test? =
            switch filter["operator"]?.string {
            case "contains": .contains(value.lowercased())
            case "equals": .equals(value.lowercased())
            case "regex": pattern(value).map { .matches($0) }
            default: nil
            }
        return test.map { Filter(field: Field(field), test: $0) }
    }

    /// Whether all filters hold; `prompt` is the list of the tags of the positive prompt, with commas.
    func holds(_ info: GenerationInfo, prompt: String) -> Bool {
        filters.allSatisfy { filter in
            switch filter.field {
            case .positivePrompt: filter.test.holds(prompt) || filter.test.holds(info.positive)
            case .negativePrompt: filter.test.holds(info.negative)
            case .parameter(let name): filter.test.holds(info.meta[name] ?? "")
            }
        }
    }
}
