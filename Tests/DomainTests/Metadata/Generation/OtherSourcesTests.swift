import OrderedCollections
import Testing

@testable import Domain

@Suite struct OtherSourcesTests {
    /// The text is read back to what was said.
    private func expectSame(_ info: GenerationInfo, sourceLocation: SourceLocation = #_sourceLocation) {
        let again = GenerationInfo(info.text)
        #expect(again == info, sourceLocation: sourceLocation)
    }

    @Test("Fooocus writes JSON")
    func fooocusWritesJSON() {
        let info = Pictures.read(
            Pictures.png([
                (
                    "parameters",
                    """
                    {"adm_guidance": "(1.5, 0.8, 0.3)", "base_model": "juggernautXL_v8Rundiffusion", "base_model_hash":
                    "aeb7e9e689", "clip_skip": 2, "full_negative_prompt": ["(worst quality:1.5)"], "full_prompt":
                    ["cinematic still a cat"], "guidance_scale": 4.0, "loras": [["sd_xl_offset.safetensors", 0.1,
                    "4852686128"], ["styles/ink", 0.5, "x"]], "metadata_scheme": "fooocus", "negative_prompt": "dog",
                    "performance": "Speed", "prompt": "a cat, red", "prompt_expansion": "", "refiner_model": "None",
                    "refiner_switch": 0.5, "resolution": "(1152, 896)", "sampler": "dpmpp_2m_sde_gpu", "scheduler":
                    "karras", "seed": "1454", "sharpness": 2, "steps": 30, "styles": "['Fooocus V2']", "vae": "Default",
                    "version": "Fooocus v2.3.0"}
                    """
                ), ("fooocus_scheme", "fooocus"),
            ])
        )
        #expect(
            info.text == """
                a cat, red
                Negative prompt: dog
                Steps: 30, Sampler: dpmpp_2m_sde_gpu, Schedule type: karras, CFG scale: 4, Seed: 1454, Size: 1152x896, \
                Model: juggernautXL_v8Rundiffusion, Lora weights: "sd_xl_offset: 0.1, ink: 0.5", Performance: Speed, \
                Sharpness: 2, Version: Fooocus v2.3.0, Source Identifier: Fooocus
                """
        )
        #expect(info.seed == 1454)
        #expect(Pictures.tags(info, "lora") == ["sd_xl_offset", "ink"])
        #expect(Pictures.tags(info, "Source Identifier") == ["Fooocus"])
        expectSame(info)
    }

    @Test("Fooocus wrote other names before")
    func fooocusWroteOtherNamesBefore() {
        let info = Pictures.read(
            Pictures.jpeg(
                comment: Array(
                    #"""
                    {"Prompt": "a cat", "Negative Prompt": "", "Base Model": "m.safetensors", "Seed": 3,
                    "Resolution": "1024×768", "lora_combined_1": "ink : 0.5", "lora_combined_2": "None : 1"}
                    """#.utf8
                )
            )
        )
        #expect(info.source == "Fooocus")
        #expect(info.meta["Size"] == "1024x768")
        #expect(info.loras == ["ink"])
        expectSame(info)
    }

    @Test("Fooocus writes the form of the web UI")
    func fooocusWritesTheFormOfTheWeb() {
        let text = """
            a cat
            Negative prompt: dog
            Steps: 30, Sampler: DPM++ 2M SDE Karras, Seed: 1, Size: 64x64, CFG scale: 4, Lora hashes: "ink: 48", \
            Version: Fooocus v2.3.0
            """
        let marked = text + ", Source Identifier: Fooocus"
        #expect(Pictures.read(Pictures.png([("parameters", text)])).text == marked)
        let plain = text.replacing("Fooocus v", with: "v")
        #expect(Pictures.read(Pictures.png([("parameters", plain)])).source == "Stable Diffusion web UI")
        #expect(Pictures.read(Pictures.png([("parameters", plain), ("fooocus_scheme", "a1111")])).source == "Fooocus")
        var jpeg = Pictures.jpeg(comment: Pictures.unicode(plain))
        jpeg.exif.append(
            EXIFField(directory: .exif, tag: 37500, value: .bytes(Array("a1111".utf8)), isLittleEndian: true)
        )
        let info = Pictures.read(jpeg)
        #expect(info.source == "Fooocus")
        #expect(info.loras == ["ink"])
    }

    @Test("NovelAI names itself under Software")
    func novelaiNamesItselfUnderSoftware() {
        let comment = """
            {"prompt": "1girl, {cat ears}", "steps": 28, "height": 1216, "width": 832, "scale": 5.0, "uncond_scale": 1.0,
            "seed": 1402, "n_samples": 1, "noise_schedule": "karras", "sampler": "k_euler_ancestral", "uc": "lowres",
            "v4_prompt": {"caption": {"base_caption": "1girl, {cat ears}", "char_captions": [
            {"char_caption": "girl, red hair", "centers": [{"x": 0.5, "y": 0.5}]}]}}}
            """
        let texts = [
            ("Title", "NovelAI generated image"), ("Description", "1girl, {cat ears}"), ("Software", "NovelAI"),
            ("Source", "NovelAI Diffusion V4 37442FCA"), ("Comment", comment),
        ]
        let info = Pictures.read(Pictures.png(texts))
        #expect(
            info.text == """
                1girl, {cat ears},
                girl, red hair
                Negative prompt: lowres
                Steps: 28, Sampler: k_euler_ancestral, Schedule type: karras, CFG scale: 5, Seed: 1402, Size: 832x1216, \
                Model: NovelAI Diffusion V4 37442FCA, Source Identifier: NovelAI
                """
        )
        #expect(Pictures.tags(info, "pos") == ["1girl", "cat ears", "girl", "red hair"])
        expectSame(info)

        let nested = JSON.object(["Software": "NovelAI", "Source": "V3", "Comment": .string(comment)]).text
        let webp = Pictures.read(Pictures.jpeg(comment: Pictures.unicode(nested)))
        #expect(webp.source == "NovelAI")
        #expect(webp.model == "V3")
    }

    @Test("InvokeAI writes an object of its own")
    func invokeaiWritesAnObjectOfItsOwn() {
        let info = Pictures.read(
            Pictures.png([
                (
                    "invokeai_metadata",
                    """
                    {"generation_mode": "sdxl_txt2img", "positive_prompt": "a cat", "negative_prompt": "dog", "width": 1024,
                    "height": 768, "seed": 77, "cfg_scale": 7.5, "steps": 30, "scheduler": "euler_a", "model": {"key": "k",
                    "hash": "blake3:x", "name": "Juggernaut XL, v9", "base": "sdxl"}, "loras": [{"model": {"name": "ink"},
                    "weight": 0.75}, {"lora": {"model_name": "old"}, "weight": 1}], "app_version": "4.2.0"}
                    """
                )
            ])
        )
        #expect(
            info.text == """
                a cat
                Negative prompt: dog
                Steps: 30, Sampler: euler_a, CFG scale: 7.5, Seed: 77, Size: 1024x768, Model: "Juggernaut XL, v9", \
                Lora weights: "ink: 0.75, old: 1", Version: 4.2.0, Source Identifier: InvokeAI
                """
        )
        expectSame(info)
    }

    @Test("InvokeAI had two forms before")
    func invokeaiHadTwoFormsBefore() {
        let former = Pictures.read(
            Pictures.png([
                ("Dream", "\"ignored\" -s 1"),
                (
                    "sd-metadata",
                    """
                    {"model": "stable diffusion", "model_weights": "sd-1.5", "app_version": "2.3", "image": {"prompt":
                    [{"prompt": "a cat [dog] on a mat [blur]", "weight": 1.0}], "steps": 50, "cfg_scale": 7.5, "width": 512,
                    "height": 512, "seed": 3031912972, "sampler": "k_lms"}}
                    """
                ),
            ])
        )
        #expect(former.positive == "a cat  on a mat")
        #expect(former.negative == "dog, blur")
        #expect(former.model == "sd-1.5")
        #expect(former.seed == 3_031_912_972)
        expectSame(former)

        let dream = Pictures.read(
            Pictures.png([("Dream", #""a "big" cat [dog]" -s50 -S 42 -W 512 -H 768 -C 7.5 -A k_lms -x"#)])
        )
        #expect(dream.positive == "a \"big\" cat")
        #expect(dream.negative == "dog")
        #expect(dream.meta["Steps"] == "50")
        #expect(dream.meta["Size"] == "512x768")
        #expect(dream.meta["Sampler"] == "k_lms")
        expectSame(dream)
    }

    @Test("SwarmUI writes an object into PNG and UserComment")
    func swarmuiWritesAnObjectIntoPNGAnd() {
        let object = """
            {"sui_image_params": {"prompt": "a cat", "negativeprompt": "dog", "model": "Flux/flux1-dev-fp8", "seed":
            204246, "steps": 25, "cfgscale": 1.0, "width": 512, "height": 768, "sampler": "euler", "scheduler": "normal",
            "loras": ["a/ink", "pixel"], "loraweights": ["0.5", 1], "swarm_version": "0.9.1.1"}, "sui_models": []}
            """
        let png = Pictures.read(Pictures.png([("parameters", object), ("prompt", ComfyGraphs.plain)]))
        #expect(
            png.text == """
                a cat
                Negative prompt: dog
                Steps: 25, Sampler: euler, Schedule type: normal, CFG scale: 1, Seed: 204246, Size: 512x768, \
                Model: Flux/flux1-dev-fp8, Lora weights: "ink: 0.5, pixel: 1", Version: 0.9.1.1, \
                Source Identifier: StableSwarmUI
                """
        )
        expectSame(png)
        #expect(Pictures.read(Pictures.jpeg(comment: Pictures.unicode(object))) == png)
        let list = object.replacing("[\"a/ink\", \"pixel\"]", with: "\"a/ink, pixel\"")
            .replacing("[\"0.5\", 1]", with: "\"0.5,1\"")
        #expect(Pictures.read(Pictures.png([("parameters", list)])) == png)
    }

    @Test(
        "Damaged objects are of no source but that which takes everything",
        arguments: [
            ("parameters", "{\"sui_image_params\": 7"), ("parameters", "{\"base_model\": 7}"),
            ("parameters", "{\"base_model\": \"m\"}"), ("invokeai_metadata", "[]"), ("invokeai_metadata", "{"),
            ("sd-metadata", "{}"), ("Dream", "a cat"), ("Dream", "\""), ("Software", "NovelAI"), ("Comment", "{}"),
        ]
    )
    func damagedObjectsAreOfNoSourceBut(key: String, text: String) {
        let info = Pictures.read(Pictures.png([(key, text)]))
        #expect(info.source == (key == "parameters" ? "Stable Diffusion web UI" : ""))
    }

    @Test("Objects with members of wrong kinds do no harm")
    func objectsWithMembersOfWrongKindsDo() {
        let swarm = Pictures.read(
            Pictures.png([
                ("parameters", #"{"sui_image_params": {"prompt": 7, "steps": [], "loras": {}, "seed": null}}"#)
            ])
        )
        #expect(swarm.source == "StableSwarmUI")
        #expect(swarm.meta.entries == [.init(key: "Source Identifier", value: "StableSwarmUI")])
        expectSame(swarm)
        let invoke = Pictures.read(
            Pictures.png([("invokeai_metadata", #"{"model": [], "loras": [7, {"model": {}}]}"#)])
        )
        #expect(invoke.source == "InvokeAI")
        expectSame(invoke)
    }
}
