import OrderedCollections

/// What a model file says of itself.
struct ModelFileInfo: Hashable, Sendable {
    var title: String?
    var description: String?
    /// What it was made for or from, such as `SDXL 1.0`.
    var baseModel: String?
    /// The kind of network, such as `stable-diffusion-xl-v1-base/lora`.
    var architecture: String?
    /// What calls it up in a prompt, as it is written.
    var triggerPhrase: String?
    /// The words of the phrase; of a LoRA without one those that all of its training pictures have.
    var triggerWords: [String] = []
    var author: String?
    var license: String?
    var tags: [String] = []
    /// A web address where more is told.
    var link: String?

    /// The longest description, other text and list.
    static let descriptionLimit = 8_192
    static let textLimit = 512
    static let listLimit = 32

    /// Takes what is known from texts by name; of several that mean the same the first in the list counts.
    ///
    /// The names are those of the Stability AI model metadata standard (`modelspec.`), of Kohya's trainer (`ss_`), of
    /// GGUF (`general.`), of Civitai's API, and of Diffusers' training scripts.
    init(_ texts: [String: String]) {
        func first(_ names: [String], limit: Int = Self.textLimit) -> String? {
            names.lazy.compactMap { Self.clean(texts[$0], limit: limit) }.first
        }
        title = first(Self.titleNames)
        description = first(Self.descriptionNames, limit: Self.descriptionLimit)
        architecture = first(Self.architectureNames)
        baseModel = first(Self.baseModelNames) ?? architecture
        author = first(Self.authorNames)
        license = first(Self.licenseNames)
        tags = first(Self.tagNames, limit: Self.descriptionLimit).map(Self.list) ?? []
        link = first(Self.linkNames).flatMap { $0.hasPrefix("https://") || $0.hasPrefix("http://") ? $0 : nil }
        if let phrase = first(Self.triggerNames, limit: Self.descriptionLimit) {
            triggerWords = Self.list(phrase)
            triggerPhrase = phrase.hasPrefix("[") ? triggerWords.joined(separator: ", ") : phrase
        } else if let frequencies = texts[Self.frequencies] {
            triggerWords = TrainingTags.words(frequencies: frequencies, folders: texts[Self.folders])
        }
    }

    private static let titleNames = [
        "modelspec.title", "general.name", "title", "model_name", "modelName", "name", "ss_output_name",
        "general.basename",
    ]
    private static let descriptionNames = [
        "modelspec.description", "general.description", "description", "ss_training_comment",
    ]
    private static let baseModelNames = [
        "base_model", "baseModel", "modelspec.base_model", "ss_base_model_version", "general.base_model.0.name",
        "ss_sd_model_name",
    ]
    private static let architectureNames = ["modelspec.architecture", "general.architecture"]
    private static let triggerNames = [
        "modelspec.trigger_phrase", "trigger_phrase", "trigger_words", "triggerWords", "trainedWords", "trained_words",
        "activation text", "activation_text", "instance_prompt",
    ]
    private static let authorNames = ["modelspec.author", "general.author", "author", "creator"]
    private static let licenseNames = ["modelspec.license", "general.license", "license"]
    private static let tagNames = ["modelspec.tags", "general.tags", "tags"]
    private static let linkNames = ["general.source.url", "general.url", "modelspec.url", "url"]
    private static let frequencies = "ss_tag_frequency"
    private static let folders = "ss_dataset_dirs"

    /// All names that mean something.
    static let names = Set(
        titleNames + descriptionNames + baseModelNames + architectureNames + triggerNames + authorNames + licenseNames
            + tagNames + linkNames + [frequencies, folders]
    )

    /// A text without blanks around it and control characters in it, cut off at `limit` bytes; `nil` for what says
    /// nothing, such as Python's `None`.
    static func clean(_ text: String?, limit: Int) -> String? {
        guard let text else { return nil }
        let scalars = text.unicodeScalars
        guard let start = scalars.firstIndex(where: { !$0.properties.isWhitespace }) else { return nil }
        var result = ""
        for scalar in scalars[start...] where scalar == "\n" || scalar == "\t" || !scalar.isControl {
            guard result.utf8.count + UTF8.width(scalar) <= limit else { break }
            result.unicodeScalars.append(scalar)
        }
        while let last = result.unicodeScalars.last, last.properties.isWhitespace { result.unicodeScalars.removeLast() }
        return ["", "None", "null", "[]", "{}"].contains(result) ? nil : result
    }

    /// The words of a text: a JSON list of texts, or words between commas; each once.
    private static func list(_ text: String) -> [String] {
        var words: [String] = []
        let parts: [String] =
            if text.hasPrefix("["), let list = (try? JSONParser.parse(text))?.array {
                list.compactMap(\.string)
            } else {
                text.split { $0 == "," || $0 == "\n" }.map(String.init)
            }
        for part in parts {
            guard words.count < listLimit else { break }
            guard let word = clean(part, limit: textLimit), !words.contains(word) else { continue }
            words.append(word)
        }
        return words
    }
}

extension ModelFileInfo {
    /// The meta of a pending model, as far as there is something to say (contracts/gallery.md §2).
    func meta(images: [String]) -> JSON {
        var meta: OrderedDictionary<String, JSON> = [:]
        let texts = [
            ("description", description), ("community_links", link), ("title", title), ("base_model", baseModel),
            ("architecture", architecture), ("trigger_phrase", triggerPhrase), ("author", author), ("license", license),
        ]
        for (name, text) in texts {
            if let text { meta[name] = .string(text) }
        }
        for (name, words) in [("trigger_words", triggerWords), ("tags", tags), ("images", images)] where !words.isEmpty
        {
            meta[name] = .array(words.map { .string($0) })
        }
        return .object(meta)
    }
}

extension Unicode.Scalar {
    /// Whether it is one of the control characters (C0, DEL, C1).
    fileprivate var isControl: Bool { value < 0x20 || 0x7F...0x9F ~= value }
}
