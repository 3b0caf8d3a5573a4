import Testing

@testable import Domain

/// Texts and objects that stand where their programs do not put them first.
@Suite struct UnusualPlacesTests {
    private static let drawThings = """
        {"c": "a cat, red", "lora": [{"model": "ink_f16.ckpt", "weight": 0.5}], "model": "sd_xl.ckpt", "sampler": "DPM++ 2M
        Karras", "scale": 4.5, "seed": 42, "size": "1024x768", "steps": 20, "strength": 1, "uc": "dog", "v2": {"a": 1}}
        """.replacing("\n", with: " ")

    private func picture(xmp text: String, _ texts: [(String, String)] = []) -> EmbeddedMetadata {
        var metadata = Pictures.png(texts)
        let content = text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing("\"", with: "&quot;")
        metadata.xmp =
            "<exif:UserComment><rdf:Alt><rdf:li xml:lang=\"x-default\">\(content)</rdf:li></rdf:Alt></exif:UserComment>"
        return metadata
    }

    @Test("Draw Things writes an object into XMP")
    func drawThingsWritesAnObjectIntoXMP() {
        let info = Pictures.read(picture(xmp: Self.drawThings))
        #expect(
            info.text == """
                a cat, red
                Negative prompt: dog
                Steps: 20, Sampler: DPM++ 2M Karras, CFG scale: 4.5, Seed: 42, Size: 1024x768, Model: sd_xl.ckpt, \
                Lora weights: ink_f16: 0.5, Denoising strength: 1, Source Identifier: Draw Things
                """
        )
        #expect(GenerationInfo(info.text) == info)
    }

    @Test("A comment in XMP is the text when there is no other, and comes before the side-car")
    func aCommentInXMPIsTheText() {
        let marked = Pictures.webUI + ", Source Identifier: Stable Diffusion web UI"
        #expect(Pictures.read(picture(xmp: Pictures.webUI), sidecar: "x").text == marked)
        #expect(Pictures.read(picture(xmp: Pictures.webUI, [("parameters", "a dog")])).positive == "a dog")
        #expect(Pictures.read(picture(xmp: Pictures.webUI, [("prompt", ComfyGraphs.plain)])).source == "ComfyUI")
        var jpeg = Pictures.jpeg(comment: Pictures.unicode("a dog"))
        jpeg.xmp = picture(xmp: Pictures.webUI).xmp
        #expect(Pictures.read(jpeg).positive == "a dog")
        #expect(Pictures.read(picture(xmp: " "), sidecar: "x").positive == "x")
    }

    @Test("A GIF's comment is the text when it has the form of the web UI")
    func aGIFsCommentIsTheText() {
        var gif = EmbeddedMetadata(type: .gif, width: 8, height: 8)
        gif.texts = ["made by hand", Pictures.webUI].map { EmbeddedMetadata.TextEntry(key: "comment", text: $0) }
        let info = Pictures.read(gif, sidecar: "x")
        #expect(info.text == Pictures.webUI + ", Source Identifier: Stable Diffusion web UI")
        #expect(info.seed == 1_234_567)
        gif.texts.removeLast()
        #expect(Pictures.read(gif).text.isEmpty)
        #expect(Pictures.read(gif, sidecar: "x").positive == "x")
    }

    @Test("A graph of ComfyUI under parameters is one")
    func aGraphOfComfyUIUnderParametersIsOne() {
        let known = Pictures.read(Pictures.png([("prompt", ComfyGraphs.plain)]))
        #expect(!known.text.isEmpty)
        #expect(Pictures.read(Pictures.png([("parameters", ComfyGraphs.plain)])) == known)
        #expect(Pictures.read(Pictures.jpeg(comment: Pictures.unicode(ComfyGraphs.plain))) == known)
    }

    @Test(
        "An object that is no program's is text, and no prompt",
        arguments: [
            "{\"note\": \"a cat, a dog\", \"n\": [1, 2]}", "{\n  \"Steps\": 20,\n  \"Seed\": 1\n}\n",
            "{\"class_type\": \"KSampler\"}",
        ]
    )
    func anObjectThatIsNoProgramsIsText(text: String) {
        let info = Pictures.read(Pictures.png([("parameters", text)]))
        #expect(info.text.hasPrefix(text.trimmedBlanks))
        #expect(info.source == "Stable Diffusion web UI")
        #expect(info.positive.isEmpty)
        #expect(Pictures.tags(info, "pos").isEmpty)
        #expect(GenerationInfo(info.text) == info)
    }

    @Test("A prompt in braces stays a prompt", arguments: ["{cat}, dog", "{cat|dog}", "{}", "{\"a\": 1}, cat"])
    func aPromptInBracesStaysOne(text: String) {
        #expect(Pictures.read(Pictures.png([("parameters", text)])).positive == text)
    }

    @Test("InvokeAI's graph says what its object would")
    func invokeaisGraphSaysWhatItsObjectWould() {
        let graph = """
            {"id": "g", "nodes": {"noise:1": {"type": "noise", "seed": 1}, "seed:3": {"type": "integer", "value": 77},
            "core_metadata:2": {"id": "core_metadata:2", "type": "core_metadata", "positive_prompt": "a cat",
            "negative_prompt": "dog", "width": 1024, "height": 768, "seed": null, "cfg_scale": 7.5, "steps": 30,
            "scheduler": "euler_a", "model": {"key": "k", "name": "Juggernaut XL v9"}}}, "edges": [
            {"source": {"node_id": "seed:3", "field": "value"}, "destination": {"node_id": "core_metadata:2", "field":
            "seed"}}, {"source": {"node_id": "seed:3", "field": "value"}, "destination": {"node_id": "core_metadata:2",
            "field": "steps"}}]}
            """
        let info = Pictures.read(Pictures.png([("invokeai_graph", graph)]))
        #expect(
            info.text == """
                a cat
                Negative prompt: dog
                Steps: 30, Sampler: euler_a, CFG scale: 7.5, Seed: 77, Size: 1024x768, Model: Juggernaut XL v9, \
                Source Identifier: InvokeAI
                """
        )
        let object = ("invokeai_metadata", #"{"positive_prompt": "a dog"}"#)
        #expect(Pictures.read(Pictures.png([("invokeai_graph", graph), object])).positive == "a dog")
        for broken in ["{}", "[]", "{\"nodes\": {\"noise:1\": {}}}", "{\"nodes\": {\"core_metadata:1\": 7}}"] {
            #expect(Pictures.read(Pictures.png([("invokeai_graph", broken)])).text.isEmpty)
        }
    }
}
