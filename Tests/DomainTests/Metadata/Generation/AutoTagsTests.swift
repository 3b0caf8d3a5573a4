import Testing

@testable import Domain

@Suite struct AutoTagsTests {
    private func tags(_ text: String, kind: MediaKind = .image) -> [AutoTag] {
        AutoTags.tags(for: GenerationInfo(text), kind: kind, width: 512, height: 768, rules: [])
    }

    @Test("A picture of the web UI gets the tags of the contract")
    func aPictureOfTheWebUIGets() {
        let info = Pictures.read(Pictures.png([("parameters", Pictures.webUI)]))
        let tags = AutoTags.tags(for: info, kind: .image, width: 1024, height: 1536, rules: [])
        #expect(
            tags == [
                AutoTag("size", "1024 × 1536"), AutoTag("Media Type", "Image"),
                AutoTag("Sampler", "DPM++ 2M Karras"), AutoTag("Model", "anything-v4.5"),
                AutoTag("Hires upscaler", "R-ESRGAN 4x+ Anime6B"), AutoTag("Hires upscaler", "Hires All"),
                AutoTag("Source Identifier", "Stable Diffusion web UI"), AutoTag("lora", "add_detail"),
                AutoTag("pos", "masterpiece"), AutoTag("pos", "best quality"), AutoTag("pos", "a cat"),
                AutoTag("pos", "sitting on a red sofa"),
            ]
        )
        #expect(info.model == "anything-v4.5")
        #expect(info.seed == 1_234_567)
    }

    @Test("Names of parameters match in any case, and a size that is no size is a tag")
    func namesOfParametersMatchInAnyCase() {
        let found = tags("a\nSteps: 1, MODEL: m, sampler: s, Size: large, refiner: r [abc]")
        #expect(found.contains(AutoTag("Model", "m")))
        #expect(found.contains(AutoTag("Sampler", "s")))
        #expect(found.contains(AutoTag("Size", "large")))
        #expect(found.contains(AutoTag("Refiner", "r [abc]")))
        #expect(found.contains(AutoTag("Refiner", "Refiner All")))
    }

    @Test("A file without a text has size and kind")
    func aFileWithoutATextHasSize() {
        for (kind, name) in [(MediaKind.image, "Image"), (.video, "Video"), (.audio, "Audio")] {
            let tags = AutoTags.tags(for: GenerationInfo(), kind: kind, width: nil, height: nil, rules: [])
            #expect(tags == [AutoTag("size", "Unknown Size"), AutoTag("Media Type", name)])
        }
    }

    @Test("A video has the words and the parameters of its side-car, and no size")
    func aVideoHasTheWordsAndThe() {
        let info = GenerationInfo.read(
            EmbeddedMetadata(type: .mp4),
            sidecar: "a cat, <lora:x_y:1>\nSteps: 1, Sampler: s, Seed: 7",
            kind: .video
        )
        #expect(info.text == "a cat, <lora:x_y:1>\nSteps: 1, Sampler: s, Seed: 7")
        #expect(
            AutoTags.tags(for: info, kind: .video, width: 640, height: 480, rules: []) == [
                AutoTag("size", "Unknown Size"), AutoTag("Media Type", "Video"), AutoTag("Sampler", "s"),
                AutoTag("lora", "x_y"), AutoTag("pos", "a cat"),
            ]
        )
    }

    @Test("LoRAs of a list come once beside those of the prompt")
    func lorasOfAListComeOnceBeside() {
        let found = tags("a <lora:Ink:1>\nSteps: 1, Sampler: s, Seed: 2, Lora hashes: \"ink: ab, Water: cd\"")
        #expect(found.filter { $0.type == "lora" }.map(\.name) == ["Ink", "Water"])
    }

    @Test(
        "A seed is a number that fits",
        arguments: [
            ("1", 1), ("-1", nil), ("x", nil), ("9223372036854775808", 0x8000_0000_0000_0000),
            ("18446744073709551615", .max), ("18446744073709551616", nil), ("99999999999999999999", nil), ("", nil),
        ]
    )
    func aSeedIsANumberThatFits(text: String, seed: UInt64?) {
        #expect(GenerationInfo("a\nSteps: 1, Sampler: s, Seed: \(text)").seed == seed)
    }

    @Test("Both spellings of a LoRA are one name")
    func bothSpellingsOfALoRAAreOne() {
        #expect(TagSpelling.isSame("add_detail", "add detail"))
        #expect(TagSpelling.isSame("Add-Detail(v1)", "add detailv1"))
        #expect(!TagSpelling.isSame("add_detail", "adddetail"))
        #expect(TagSpelling.plain("style/Add_Detail") == "styleAdd Detail")
        #expect(TagSpelling.folded("Ä_b") == "ä b")
    }
}
