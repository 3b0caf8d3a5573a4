import Testing

@testable import Domain

struct ModelFileInfoTests {
    @Test("What the model metadata standard names is known")
    func standard() {
        let info = ModelFileSample.read(
            ModelFileSample.safetensors([
                ("modelspec.title", " Old Ink "), ("modelspec.description", "Draws\nlines"),
                ("modelspec.architecture", "stable-diffusion-xl-v1-base/lora"), ("modelspec.author", "Ada"),
                ("modelspec.license", "CC0"), ("modelspec.tags", "ink, line , ink,,"),
                ("modelspec.trigger_phrase", "old ink, sepia"), ("modelspec.thumbnail", "data:image/jpeg;base64,xx"),
            ])
        )
        var wanted = ModelFileSample.nothing
        wanted.title = "Old Ink"
        wanted.description = "Draws\nlines"
        wanted.architecture = "stable-diffusion-xl-v1-base/lora"
        wanted.baseModel = wanted.architecture
        wanted.author = "Ada"
        wanted.license = "CC0"
        wanted.tags = ["ink", "line"]
        wanted.triggerPhrase = "old ink, sepia"
        wanted.triggerWords = ["old ink", "sepia"]
        #expect(info == wanted)
    }

    @Test("What Kohya's trainer writes is known; what it does not know, is nothing")
    func trainer() {
        let info = ModelFileInfo([
            "ss_output_name": "ink-v3", "ss_base_model_version": "sdxl_base_v1-0", "ss_sd_model_name": "xl.safetensors",
            "ss_training_comment": "None", "ss_tag_frequency": #"{"10_ohwx":{"ohwx ink":20,"tree":3,"line":20}}"#,
        ])
        #expect(info.title == "ink-v3" && info.baseModel == "sdxl_base_v1-0" && info.description == nil)
        #expect(info.triggerPhrase == nil && info.triggerWords == ["ohwx ink", "line"])
    }

    @Test("What GGUF says is known")
    func gguf() {
        let info = ModelFileSample.read(
            ModelFileSample.gguf([
                ("general.architecture", .text("flux")), ("general.name", .text("Flux Dev")),
                ("general.base_model.0.name", .text("FLUX.1 dev")), ("general.tags", .texts(["image", "flux"])),
                ("general.url", .text("https://models.example/flux")), ("general.license", .text("other")),
            ])
        )
        #expect(info.title == "Flux Dev" && info.architecture == "flux" && info.baseModel == "FLUX.1 dev")
        #expect(info.tags == ["image", "flux"] && info.link == "https://models.example/flux")
    }

    @Test(
        "Trigger words are read from lists in JSON and from words between commas",
        arguments: [
            (["trainedWords": #"["a b", "c", "a b", 5]"#], ["a b", "c"], "a b, c"),
            (["trigger_words": "a b, c"], ["a b", "c"], "a b, c"),
            (["activation text": "[broken"], ["[broken"], "[broken"),
            (["instance_prompt": "photo of TOK"], ["photo of TOK"], "photo of TOK"),
            (["modelspec.trigger_phrase": " ", "trainedWords": "x"], ["x"], "x"),
            (["trainedWords": "[]"], [], nil),
        ] as [([String: String], [String], String?)]
    )
    func triggers(texts: [String: String], words: [String], phrase: String?) {
        let info = ModelFileInfo(texts)
        #expect(info.triggerWords == words)
        if words != ["[broken"] { #expect(info.triggerPhrase == phrase) }
    }

    @Test("A link is one of the web only")
    func link() {
        #expect(ModelFileInfo(["url": "javascript:alert(1)"]).link == nil)
        #expect(ModelFileInfo(["url": "http://a.example"]).link == "http://a.example")
    }

    @Test("Control characters go, and long texts are cut at a whole character")
    func cleaning() {
        #expect(ModelFileInfo.clean("a\u{0}b\u{7F}\u{85}c\nd\te", limit: 100) == "abc\nd\te")
        #expect(ModelFileInfo.clean("  \u{0}\u{2028} ", limit: 100) == nil)
        #expect(ModelFileInfo.clean("aé", limit: 2) == "a")
        #expect(ModelFileInfo.clean("\u{0}\u{0}ab", limit: 1) == "a")
        let info = ModelFileInfo([
            "title": String(repeating: "é", count: 10_000), "description": String(repeating: "x", count: 100_000),
            "tags": (0..<500).map { "t\($0)" }.joined(separator: ","),
        ])
        #expect(info.title?.utf8.count == ModelFileInfo.textLimit)
        #expect(info.description?.utf8.count == ModelFileInfo.descriptionLimit)
        #expect(info.tags.count == ModelFileInfo.listLimit)
    }

    @Test("The meta of a record has what there is to say, and nothing else")
    func meta() {
        #expect(ModelFileSample.nothing.meta(images: []) == [:])
        let meta = ModelFileInfo([
            "title": "T", "description": "D", "base_model": "B", "trigger_phrase": "p, q", "url": "https://a.example",
        ]).meta(images: ["x.png"])
        #expect(meta["title"] == "T" && meta["description"] == "D" && meta["base_model"] == "B")
        #expect(meta["trigger_phrase"] == "p, q" && meta["trigger_words"] == ["p", "q"] && meta["images"] == ["x.png"])
        #expect(meta["community_links"] == "https://a.example" && meta["architecture"] == nil && meta["tags"] == nil)
    }
}
