import Testing

@testable import Domain

@Suite struct GenerationParametersTests {
    @Test("A text of the web UI is taken apart")
    func aTextOfTheWebUIIs() {
        let parameters = GenerationParameters(Pictures.webUI)
        #expect(
            parameters.positive
                == "masterpiece, best quality, (a cat:1.2), <lora:add_detail:0.8>, sitting on a red-sofa"
        )
        #expect(parameters.negative == "lowres, bad anatomy")
        #expect(parameters.meta.entries.first == GenerationMeta.Entry(key: "Steps", value: "28"))
        #expect(parameters.meta["Sampler"] == "DPM++ 2M Karras")
        #expect(parameters.meta["Lora hashes"] == "add_detail: 7c6bad76eb54")
        #expect(parameters.meta["Hires upscaler"] == "R-ESRGAN 4x+ Anime6B")
        #expect(parameters.meta["seed"] == "1234567")
        #expect(parameters.meta["Size-1"] == "512")
        #expect(parameters.meta["Size-2"] == "768")
        #expect(parameters.meta.entries.last?.key == "Version")
    }

    @Test("Prompts have as many lines as they like, and may talk of steps")
    func promptsHaveAsManyLinesAsThey() {
        let parameters = GenerationParameters(
            """
            Steps: 3, Sampler: of honey, Seed: of an apple
              a cat  \r
            on the Steps: of a house

            Negative prompt: dog,
            Steps: up
            Steps: 20, Sampler: Euler a, CFG scale: 7
            """
        )
        #expect(
            parameters.positive
                == "Steps: 3, Sampler: of honey, Seed: of an apple\na cat\non the Steps: of a house"
        )
        #expect(parameters.negative == "dog,\nSteps: up")
        #expect(parameters.meta.entries.map(\.value) == ["20", "Euler a", "7"])
    }

    @Test("Quoted values are JSON strings")
    func quotedValuesAreJSONStrings() {
        let parameters = GenerationParameters(
            #"a\#nSteps: 20, Model: "a, \"b\": c\u0041", ADetailer prompt: "x\ny, Steps: 9", Seed: 5"#
        )
        #expect(parameters.meta["Model"] == #"a, "b": cA"#)
        #expect(parameters.meta["ADetailer prompt"] == "x\ny, Steps: 9")
        #expect(parameters.meta["Seed"] == "5")
        #expect(parameters.meta["Steps"] == "20")
    }

    @Test("Quotes that do not close and quotes inside of a value are plain characters")
    func quotesThatDoNotCloseAndQuotes() {
        let parameters = GenerationParameters("a\nSteps: 20, Model: \"abc, Sampler: 2\" tape, Seed: 5")
        #expect(parameters.meta["Model"] == "\"abc")
        #expect(parameters.meta["Sampler"] == "2\" tape")
        #expect(parameters.meta["Seed"] == "5")
    }

    @Test("Objects and arrays are one value")
    func objectsAndArraysAreOneValue() {
        let parameters = GenerationParameters(
            #"a\#nSteps: 20, Sampler: Euler, Hashes: {"model": "7f96, a", "lora:x": "[}"}, Civitai resources: "#
                + #"[{"type":"lora","weight":1,"a":"\""}], Seed: 4"#
        )
        #expect(parameters.meta["Hashes"] == #"{"model": "7f96, a", "lora:x": "[}"}"#)
        #expect(parameters.meta["Civitai resources"] == #"[{"type":"lora","weight":1,"a":"\""}]"#)
        #expect(parameters.meta["Seed"] == "4")
        #expect(parameters.meta.entries.count == 5)
    }

    @Test("A prompt of weights is no line of parameters")
    func aPromptOfWeightsIsNoLine() {
        let parameters = GenerationParameters("a cat:1.2, dog:0.8, house:1.1, tree:1")
        #expect(parameters.positive == "a cat:1.2, dog:0.8, house:1.1, tree:1")
        #expect(parameters.meta.entries.isEmpty)
    }

    @Test("Lines after the parameters do not hide them")
    func linesAfterTheParametersDoNotHide() {
        let parameters = GenerationParameters(
            """
            a cat
            Negative prompt: dog
            Steps: 20, Sampler: Euler a, CFG scale: 7, Seed: 1

            Template: a __animal__, Source Identifier: Stable Diffusion web UI
            """
        )
        #expect(parameters.positive == "a cat")
        #expect(parameters.negative == "dog")
        #expect(parameters.meta["Seed"] == "1")
        #expect(parameters.meta["Template"] == "a __animal__")
        #expect(parameters.meta["Source Identifier"] == "Stable Diffusion web UI")
    }

    @Test("The source is no part of a prompt without parameters")
    func theSourceIsNoPartOfA() {
        let parameters = GenerationParameters("a cat, sitting, Source Identifier: Stable Diffusion web UI")
        #expect(parameters.positive == "a cat, sitting")
        #expect(parameters.meta.entries == [.init(key: "Source Identifier", value: "Stable Diffusion web UI")])
    }

    @Test("A picture that was only enlarged has no prompt")
    func aPictureThatWasOnlyEnlargedHas() {
        let parameters = GenerationParameters("Postprocess upscale by: 2, Postprocess upscaler: R-ESRGAN 4x+")
        #expect(parameters.positive.isEmpty)
        #expect(parameters.meta["Postprocess upscale by"] == "2")
        #expect(parameters.meta["postprocess Upscaler"] == "R-ESRGAN 4x+")
    }

    @Test(
        "Scraps of texts are read without harm",
        arguments: [
            "", " \n\n ", ",", ":", "\n", "Negative prompt:", "Steps:", ",,,:,:,", "\"", "a\u{0}b", "{", "[:",
        ]
    )
    func scrapsOfTextsAreReadWithoutHarm(text: String) {
        let parameters = GenerationParameters(text)
        #expect(parameters.negative.isEmpty)
        #expect(parameters.meta.entries.allSatisfy { !$0.key.isEmpty })
    }

    @Test("A negative prompt alone leaves the positive one empty")
    func aNegativePromptAloneLeavesThePositive() {
        let parameters = GenerationParameters("Negative prompt: dog\nSteps: 20, Sampler: Euler a, Seed: 1")
        #expect(parameters.positive.isEmpty)
        #expect(parameters.negative == "dog")
    }

    @Test("Of a name that comes twice the last value counts, and names are bounded")
    func ofANameThatComesTwiceThe() {
        let many = (0..<400).map { "key \($0): \($0)" }.joined(separator: ", ")
        let parameters = GenerationParameters("a\nSteps: 1, Steps: 2, Seed: 3, " + many)
        #expect(parameters.meta["Steps"] == "2")
        #expect(parameters.meta.entries.count <= GenerationMeta.limit)
        #expect(parameters.meta["key 100"] == "100")
    }
}
