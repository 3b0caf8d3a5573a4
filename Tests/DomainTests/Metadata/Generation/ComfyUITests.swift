import Testing

@testable import Domain

@Suite struct ComfyUITests {
    private func read(_ prompt: String) -> GenerationInfo { Pictures.read(Pictures.png([("prompt", prompt)])) }

    @Test("The default graph gives the text of the contract")
    func theDefaultGraphGivesTheTextOf() {
        let info = read(ComfyGraphs.plain)
        #expect(
            info.text == """
                beautiful scenery nature glass bottle landscape, purple galaxy bottle,
                Negative prompt: text, watermark
                Steps: 20, Sampler: euler, Model: v1-5-pruned-emaonly-fp16.safetensors, Source Identifier: ComfyUI
                """
        )
        #expect(info.source == "ComfyUI")
        #expect(info.seed == 156_680_208_700_286)
        #expect(info.meta["CFG scale"] == "8")
        #expect(info.meta["Schedule type"] == "normal")
        #expect(Pictures.tags(info, "Model") == ["v1-5-pruned-emaonly-fp16.safetensors"])
        #expect(
            Pictures.tags(info, "pos")
                == ["beautiful scenery nature glass bottle landscape", "purple galaxy bottle"]
        )
    }

    @Test("A Flux graph is walked through guider, scheduler and noise")
    func aFluxGraphIsWalkedThroughGuider() {
        let info = read(ComfyGraphs.flux)
        #expect(info.positive == "a fox in the snow")
        #expect(info.negative.isEmpty)
        #expect(info.meta["Steps"] == "24")
        #expect(info.meta["Sampler"] == "dpmpp_2m")
        #expect(info.meta["Schedule type"] == "simple")
        #expect(info.meta["CFG scale"] == "3.5")
        #expect(info.model == "flux1-dev.safetensors")
        #expect(info.seed == 42)
        #expect(info.loras == ["detail", "ink"])
        #expect(Pictures.tags(info, "lora") == ["detail", "ink"])
    }

    @Test("The first pass counts, its prompt joined of parts, and not what nothing depends on")
    func theFirstPassCountsItsPromptJoined() {
        let info = read(ComfyGraphs.twoPasses)
        #expect(info.meta["Steps"] == "30")
        #expect(info.meta["Sampler"] == "dpmpp_sde")
        #expect(info.positive == "a castle, at night, oil on canvas")
        #expect(info.negative == "blurry")
        #expect(info.model == "sd_xl_base_1.0.safetensors")
        #expect(info.seed == 7)
        #expect(info.loras == ["stack one", "pixel"])
    }

    @Test("Conditions pass through control nets by their outputs")
    func conditionsPassThroughControlNetsByTheir() {
        let info = read(ComfyGraphs.controlNet)
        #expect(info.positive == "a dancer")
        #expect(info.negative == "extra limbs")
    }

    @Test("A text of the web UI beside the graph is used")
    func aTextOfTheWebUIBeside() {
        let info = Pictures.read(Pictures.png([("prompt", ComfyGraphs.plain), ("parameters", Pictures.webUI)]))
        #expect(info.text == Pictures.webUI + ", Source Identifier: ComfyUI")
        #expect(info.source == "ComfyUI")
        #expect(info.model == "anything-v4.5")
    }

    @Test("JPEG and WebP hold graphs in EXIF")
    func jpegAndWebPHoldGraphsInEXIF() {
        let exif = Pictures.jpeg([(271, "Workflow:{}"), (272, "Prompt:" + ComfyGraphs.plain)])
        #expect(Pictures.read(exif).meta["Sampler"] == "euler")
        let camera = Pictures.jpeg([(271, "prompt: cheese"), (272, "Camera")])
        #expect(Pictures.read(camera).source.isEmpty)
    }

    @Test("NaN and Infinity are tolerated, in texts they stay")
    func nanAndInfinityAreToleratedInTexts() {
        let graph = ComfyGraphs.plain
            .replacing("\"denoise\": 1", with: "\"denoise\": -Infinity, \"is_changed\": [NaN, Infinity]")
            .replacing("text, watermark", with: "NaN, \\\"Infinity\\\"")
        let info = read(graph)
        #expect(info.meta["Steps"] == "20")
        #expect(info.negative == "NaN, \"Infinity\"")
    }

    @Test(
        "What is no graph is not of ComfyUI",
        arguments: [
            "", "{}", "[]", "a cat", "{\"1\"", "{\"1\":7}", "{\"1\":{\"inputs\":{}}}", "{\"1\":{\"class_type\":7}}",
            String(repeating: "{\"a\":", count: 5_000),
        ]
    )
    func whatIsNoGraphIsNotOf(prompt: String) {
        #expect(read(prompt).source.isEmpty)
        #expect(Pictures.read(Pictures.png([("workflow", prompt)])).source.isEmpty)
    }

    @Test("Without a sampler the node most like one counts, and without that the texts by their titles")
    func withoutASamplerTheNodeMostLike() {
        let like = read(
            """
            {"1": {"class_type": "MyMaker", "inputs": {"positive": ["2", 0], "negative": "dog", "steps": 9,
             "sampler_name": "x", "seed": ["3", 0]}}, "2": {"class_type": "CLIPTextEncode", "inputs": {"text": "cat"}},
             "3": {"class_type": "Seed (rgthree)", "inputs": {"seed": 5}}}
            """
        )
        #expect(like.positive == "cat")
        #expect(like.meta["Steps"] == "9")
        #expect(like.seed == 5)
        let titles = read(
            """
            {"1": {"class_type": "CLIPTextEncode", "inputs": {"text": "dog"}, "_meta": {"title": "Negative Prompt"}},
             "2": {"class_type": "CLIPTextEncode", "inputs": {"text": "cat"}, "_meta": {"title": "CLIP"}}}
            """
        )
        #expect(titles.positive == "cat")
        #expect(titles.negative == "dog")
        #expect(titles.text == "cat\nNegative prompt: dog\nSource Identifier: ComfyUI")
        let nothing = read(#"{"1": {"class_type": "LoadImage", "inputs": {"image": "a.png"}}}"#)
        #expect(nothing.text.isEmpty)
        #expect(Pictures.tags(nothing, "Source Identifier") == ["ComfyUI"])
    }

    @Test("Cycles and links to nowhere end")
    func cyclesAndLinksToNowhereEnd() {
        let info = read(
            """
            {"1": {"class_type": "KSampler", "inputs": {"positive": ["2", 0], "negative": ["9", 0], "model": ["3", 0],
              "latent_image": ["1", 0], "steps": ["4", 0], "seed": ["1", 0], "sampler_name": ["5", 0]}},
             "2": {"class_type": "ConditioningCombine", "inputs": {"conditioning_1": ["2", 0], "conditioning_2": ["6", 0]}},
             "3": {"class_type": "LoraLoader", "inputs": {"model": ["3", 0], "lora_name": "a/b.safetensors"}},
             "4": {"class_type": "Reroute", "inputs": {"": ["5", 0]}},
             "5": {"class_type": "Reroute", "inputs": {"": ["4", 0]}},
             "6": {"class_type": "CLIPTextEncode", "inputs": {"text": ["7", 0]}},
             "7": {"class_type": "JoinStrings", "inputs": {"string1": ["7", 0], "string2": "cat", "text3": ["4", 0]}}}
            """
        )
        #expect(info.positive.hasSuffix("cat"))
        #expect(info.loras == ["b"])
        #expect(info.meta["Steps"] == nil)
    }

    @Test("Loaders with everything in one node are understood")
    func loadersWithEverythingInOneNodeAre() {
        let info = read(
            """
            {"1": {"class_type": "Efficient Loader", "inputs": {"ckpt_name": {"content": "m.safetensors"},
              "lora_name": "None", "positive": "cat", "negative": "dog", "lora_stack": ["4", 0]}},
             "2": {"class_type": "KSampler (Efficient)", "inputs": {"model": ["1", 0], "positive": ["1", 1],
              "negative": ["1", 2], "steps": 12, "sampler_name": "lcm"}},
             "4": {"class_type": "LoRA Stacker", "inputs": {"lora_count": 2, "lora_name_1": "x.pt", "lora_name_2": "None",
              "lora_wt_1": 1}}, "5": {"class_type": "SaveImage", "inputs": {"images": ["2", 5]}}}
            """
        )
        #expect(info.positive == "cat")
        #expect(info.negative == "dog")
        #expect(info.model == "m.safetensors")
        #expect(info.loras == ["x"])
    }
}
