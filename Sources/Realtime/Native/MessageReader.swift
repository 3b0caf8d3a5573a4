import Domain
import OrderedCollections

/// Reads a client's message field by field; each wrong one is a `bad_message` that names it.
struct MessageReader {
    let members: OrderedDictionary<String, JSON>

    /// The message's fields; throws `bad_message` when it is not an object.
    init(_ json: JSON) throws(ProtocolError) {
        guard case .object(let members) = json else {
            throw ProtocolError(.badMessage, "a message is a JSON object")
        }
        self.members = members
    }

    /// A member that is there and not `null`.
    subscript(_ field: String) -> JSON? {
        guard let value = members[field], !value.isNull else { return nil }
        return value
    }

    /// The `id` that the answer must carry: an integer of the protocol, or a text of up to 64 characters.
    func id() throws(ProtocolError) -> JSON? {
        switch self["id"] {
        case nil: return nil
        case .string(let text)? where text.unicodeScalars.count <= 64: return .string(text)
        case let value?:
            guard let number = Self.int(value) else {
                throw .bad("id", "id is an integer from 0 to 2^53-1 or a text of up to 64 characters")
            }
            return .int(Int64(number))
        }
    }

    /// The greatest integer of the protocol.
    static let greatest = 1 << 53 - 1

    private static func int(_ value: JSON) -> Int? {
        guard let number = value.int, (0...greatest).contains(number) else { return nil }
        return number
    }

    func text(_ field: String, _ sizes: ClosedRange<Int>) throws(ProtocolError) -> String {
        guard let value = self[field] else { throw .bad(field, "\(field) is missing") }
        guard let text = value.string, sizes.contains(text.unicodeScalars.count) else {
            throw .bad(field, "\(field) is a text of \(sizes.lowerBound) to \(sizes.upperBound) characters")
        }
        return text
    }

    func optionalText(_ field: String, _ sizes: ClosedRange<Int>) throws(ProtocolError) -> String? {
        self[field] == nil ? nil : try text(field, sizes)
    }

    func int(_ field: String, _ range: ClosedRange<Int>) throws(ProtocolError) -> Int {
        guard let value = self[field] else { throw .bad(field, "\(field) is missing") }
        guard let number = value.int, range.contains(number) else {
            throw .bad(field, "\(field) is an integer from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    func int(_ field: String, _ range: ClosedRange<Int>, default number: Int) throws(ProtocolError) -> Int {
        self[field] == nil ? number : try int(field, range)
    }

    func text(_ field: String, bytes limit: Int) throws(ProtocolError) -> String {
        guard let value = self[field] else { throw .bad(field, "\(field) is missing") }
        guard let text = value.string, text.utf8.count <= limit else {
            throw .bad(field, "\(field) is a text of at most \(limit) bytes")
        }
        return text
    }

    func bool(_ field: String, default value: Bool) throws(ProtocolError) -> Bool {
        guard let given = self[field] else { return value }
        guard let value = given.bool else { throw .bad(field, "\(field) is true or false") }
        return value
    }

    func identifier(_ field: String) throws(ProtocolError) -> String {
        let text = try text(field, 1...128)
        guard Identifier.isValid(text) else {
            throw .bad(field, "\(field) is an id of 1 to 128 printable ASCII characters")
        }
        return text
    }

    func texts(_ field: String, limit: Int, _ sizes: ClosedRange<Int>) throws(ProtocolError) -> [String] {
        guard let value = self[field] else { throw .bad(field, "\(field) is missing") }
        guard let elements = value.array, elements.count <= limit else {
            throw .bad(field, "\(field) is an array of at most \(limit) texts")
        }
        var texts: [String] = []
        for element in elements {
            guard let text = element.string, sizes.contains(text.unicodeScalars.count) else {
                throw .bad(field, "\(field) holds texts of \(sizes.lowerBound) to \(sizes.upperBound) characters")
            }
            texts.append(text)
        }
        return texts
    }

    /// The topics, each once, in the order given; throws `unknown_topic` for the first that is none.
    func topics() throws(ProtocolError) -> [Topic] {
        guard let value = self["topics"] else { throw .bad("topics", "topics is missing") }
        guard let elements = value.array else { throw .bad("topics", "topics is an array of texts") }
        var topics: OrderedSet<Topic> = []
        for element in elements {
            guard let name = element.string else { throw .bad("topics", "topics is an array of texts") }
            guard let topic = Topic(name: name) else {
                throw ProtocolError(.unknownTopic, "there is no such topic", topic: String(name.prefix(200)))
            }
            topics.append(topic)
        }
        return Array(topics)
    }

    func since() throws(ProtocolError) -> ResumePoint? {
        guard let value = self["since"] else { return nil }
        guard let epoch = value["epoch"]?.string, let offset = value["offset"].flatMap(Self.int) else {
            throw .bad("since", "since is {epoch: text, offset: integer}")
        }
        return ResumePoint(epoch: epoch, offset: offset)
    }
}
