import OrderedCollections

/// The JSON object in which people describe a model (contracts/gallery.md §2).
///
/// It is kept as it was given, without `images_count`, which follows from the sample pictures that there are.
enum ModelMeta {
    /// The object as it is shown with a model: what is missing is filled with empty values.
    static func shown(_ stored: JSON, samples: Int) -> JSON {
        filled(stored, images: ("images_count", .int(Int64(samples))))
    }

    /// The object as it is shown with a pending model.
    static func shownPending(_ stored: JSON) -> JSON {
        filled(stored, images: ("images", .array(images(stored).map(JSON.string))))
    }

    /// The object as it is kept; anything that is no object counts as an empty one.
    static func stored(_ given: JSON) -> JSON {
        guard case .object(var members) = given else { return [:] }
        members["images_count"] = nil
        return .object(members)
    }

    /// The object of a pending model as that of a model: without the names of its pictures.
    static func promoted(_ pending: JSON) -> JSON {
        guard case .object(var members) = stored(pending) else { return [:] }
        members["images"] = nil
        return .object(members)
    }

    /// The names of the pictures that wait with a pending model; what is no text is left out.
    static func images(_ meta: JSON) -> [String] { meta["images"]?.array?.compactMap(\.string) ?? [] }

    /// The existing object, in which what is empty is filled from another, member by member.
    static func merged(_ existing: JSON, filledFrom other: JSON) -> JSON {
        guard case .object(var members) = existing, case .object(let others) = other else {
            return isEmpty(existing) ? other : existing
        }
        for (name, value) in others {
            members[name] = members[name].map { merged($0, filledFrom: value) } ?? value
        }
        return .object(members)
    }

    /// Whether a value says nothing: missing, blank, 0, or a list or object of nothing.
    private static func isEmpty(_ value: JSON) -> Bool {
        switch value {
        case .null: true
        case .bool: false
        case .int(let number): number == 0
        case .unsigned: false
        case .double(let number): number == 0
        case .string(let text): text.allSatisfy(\.isWhitespace)
        case .array(let elements): elements.allSatisfy(isEmpty)
        case .object(let members): members.values.allSatisfy(isEmpty)
        }
    }

    private static func filled(_ stored: JSON, images: (name: String, value: JSON)) -> JSON {
        let given = stored.object ?? [:]
        var shown: OrderedDictionary<String, JSON> = [
            "description": text(given["description"]),
            "community_links": text(given["community_links"]),
            images.name: images.value,
            "prompts": prompts(given["prompts"]),
        ]
        for (name, value) in given where shown[name] == nil { shown[name] = value }
        return .object(shown)
    }

    private static func prompts(_ given: JSON?) -> JSON {
        guard let given, given != .null else { return ["positive": "", "negative": ""] }
        guard case .object(let members) = given else { return given }
        var shown: OrderedDictionary<String, JSON> = [
            "positive": text(members["positive"]), "negative": text(members["negative"]),
        ]
        for (name, value) in members where shown[name] == nil { shown[name] = value }
        return .object(shown)
    }

    private static func text(_ given: JSON?) -> JSON {
        guard let given, given != .null else { return "" }
        return given
    }
}
