/// Graphs in the shapes that ComfyUI writes.
enum ComfyGraphs {
    /// Its default graph.
    static let plain = """
        {"3": {"inputs": {"seed": 156680208700286, "steps": 20, "cfg": 8, "sampler_name": "euler",
          "scheduler": "normal", "denoise": 1, "model": ["4", 0], "positive": ["6", 0], "negative": ["7", 0],
          "latent_image": ["5", 0]}, "class_type": "KSampler", "_meta": {"title": "KSampler"}},
         "4": {"inputs": {"ckpt_name": "v1-5-pruned-emaonly-fp16.safetensors"}, "class_type": "CheckpointLoaderSimple",
          "_meta": {"title": "Load Checkpoint"}},
         "5": {"inputs": {"width": 512, "height": 512, "batch_size": 1}, "class_type": "EmptyLatentImage"},
         "6": {"inputs": {"text": "beautiful scenery nature glass bottle landscape, purple galaxy bottle,",
          "clip": ["4", 1]}, "class_type": "CLIPTextEncode", "_meta": {"title": "CLIP Text Encode (Prompt)"}},
         "7": {"inputs": {"text": "text, watermark", "clip": ["4", 1]}, "class_type": "CLIPTextEncode"},
         "8": {"inputs": {"samples": ["3", 0], "vae": ["4", 2]}, "class_type": "VAEDecode"},
         "9": {"inputs": {"filename_prefix": "ComfyUI", "images": ["8", 0]}, "class_type": "SaveImage"}}
        """

    static let flux = """
        {"6": {"inputs": {"clip_l": "a fox", "t5xxl": ["50", 0], "guidance": 3.5, "clip": ["11", 0]},
          "class_type": "CLIPTextEncodeFlux"},
         "8": {"inputs": {"samples": ["13", 0], "vae": ["10", 0]}, "class_type": "VAEDecode"},
         "9": {"inputs": {"images": ["8", 0]}, "class_type": "SaveImage"},
         "10": {"inputs": {"vae_name": "ae.safetensors"}, "class_type": "VAELoader"},
         "11": {"inputs": {"clip_name1": "t5xxl_fp16.safetensors", "type": "flux"}, "class_type": "DualCLIPLoader"},
         "12": {"inputs": {"unet_name": "flux1-dev.safetensors", "weight_dtype": "default"}, "class_type": "UNETLoader"},
         "13": {"inputs": {"noise": ["25", 0], "guider": ["22", 0], "sampler": ["16", 0], "sigmas": ["17", 0],
          "latent_image": ["27", 0]}, "class_type": "SamplerCustomAdvanced"},
         "16": {"inputs": {"sampler_name": ["51", 0]}, "class_type": "KSamplerSelect"},
         "17": {"inputs": {"scheduler": "simple", "steps": 24, "denoise": 1, "model": ["31", 0]},
          "class_type": "BasicScheduler"},
         "22": {"inputs": {"model": ["31", 0], "conditioning": ["26", 0]}, "class_type": "BasicGuider"},
         "25": {"inputs": {"noise_seed": 42}, "class_type": "RandomNoise"},
         "26": {"inputs": {"guidance": 3.5, "conditioning": ["40", 0]}, "class_type": "FluxGuidance"},
         "27": {"inputs": {"width": 1024, "height": 1024}, "class_type": "EmptySD3LatentImage"},
         "30": {"inputs": {"lora_name": "flux\\\\detail.safetensors", "strength_model": 1, "model": ["12", 0]},
          "class_type": "LoraLoaderModelOnly"},
         "31": {"inputs": {"lora_1": {"on": true, "lora": "ink.safetensors", "strength": 0.5},
          "lora_2": {"on": false, "lora": "off.safetensors", "strength": 1}, "model": ["30", 0]},
          "class_type": "Power Lora Loader (rgthree)"},
         "40": {"inputs": {"": ["41", 0]}, "class_type": "Reroute (rgthree)"},
         "41": {"inputs": {"text": ["50", 0], "clip": ["11", 0]}, "class_type": "CLIPTextEncode"},
         "50": {"inputs": {"value": "a fox in the snow"}, "class_type": "PrimitiveStringMultiline"},
         "51": {"inputs": {"value": "dpmpp_2m"}, "class_type": "PrimitiveNode"}}
        """

    /// A base, a second pass over its enlarged result, and a sampler whose picture is not stored.
    static let twoPasses = """
        {"1": {"inputs": {"ckpt_name": "sd_xl_base_1.0.safetensors"}, "class_type": "CheckpointLoaderSimple"},
         "2": {"inputs": {"lora_name": "pixel.safetensors", "model": ["1", 0], "clip": ["1", 1],
          "lora_stack": ["3", 0]}, "class_type": "LoraLoader"},
         "3": {"inputs": {"lora_name_1": "stack one.safetensors"}, "class_type": "CR LoRA Stack"},
         "4": {"inputs": {"steps": 5, "sampler_name": "unused", "positive": ["9", 0], "latent_image": ["8", 0]},
          "class_type": "KSampler"},
         "5": {"inputs": {"steps": 12, "sampler_name": "euler", "noise_seed": 8, "model": ["2", 0],
          "positive": ["9", 0], "negative": ["13", 0], "latent_image": ["7", 0]}, "class_type": "KSamplerAdvanced"},
         "6": {"inputs": {"steps": ["20", 0], "sampler_name": "dpmpp_sde", "noise_seed": ["21", 0],
          "model": ["2", 0], "positive": ["10", 0], "negative": ["13", 0], "latent_image": ["8", 0]},
          "class_type": "KSamplerAdvanced"},
         "7": {"inputs": {"samples": ["6", 0], "scale_by": 1.5}, "class_type": "LatentUpscaleBy"},
         "8": {"inputs": {"width": 1024, "height": 1024}, "class_type": "EmptyLatentImage"},
         "9": {"inputs": {"text": "other"}, "class_type": "CLIPTextEncode"},
         "10": {"inputs": {"conditioning_to": ["11", 0], "conditioning_from": ["12", 0]},
          "class_type": "ConditioningConcat"},
         "11": {"inputs": {"conditioning": ["14", 0], "width": 64, "strength": 1}, "class_type": "ConditioningSetArea"},
         "12": {"inputs": {"text": "oil on canvas"}, "class_type": "CLIPTextEncode"},
         "13": {"inputs": {"text_g": "blurry", "text_l": "blurry"}, "class_type": "CLIPTextEncodeSDXL"},
         "14": {"inputs": {"text": ["15", 0]}, "class_type": "CLIPTextEncode"},
         "15": {"inputs": {"delimiter": ", ", "text_a": "a castle", "text_b": ["16", 0]},
          "class_type": "Text Concatenate"},
         "16": {"inputs": {"text": "at night"}, "class_type": "Text Multiline"},
         "20": {"inputs": {"value": 30}, "class_type": "PrimitiveInt"},
         "21": {"inputs": {"seed": 7}, "class_type": "Seed (rgthree)"},
         "30": {"inputs": {"samples": ["5", 0]}, "class_type": "VAEDecode"},
         "31": {"inputs": {"images": ["30", 0]}, "class_type": "SaveImage"}}
        """

    static let controlNet = """
        {"1": {"inputs": {"positive": ["2", 0], "negative": ["2", 1], "steps": 10, "sampler_name": "euler"},
          "class_type": "KSampler"},
         "2": {"inputs": {"strength": 1, "positive": ["3", 0], "negative": ["5", 0], "control_net": ["6", 0],
          "image": ["7", 0]}, "class_type": "ControlNetApplyAdvanced"},
         "3": {"inputs": {"conditioning": ["4", 0], "control_net": ["6", 0], "image": ["7", 0]},
          "class_type": "ControlNetApply"},
         "4": {"inputs": {"text": "a dancer"}, "class_type": "CLIPTextEncode"},
         "5": {"inputs": {"text": "extra limbs"}, "class_type": "CLIPTextEncode"},
         "6": {"inputs": {"control_net_name": "c.safetensors"}, "class_type": "ControlNetLoader"},
         "7": {"inputs": {"image": "a.png"}, "class_type": "LoadImage"}}
        """

    /// The default graph as the page saves it, with a switched-off LoRA, a rerouted condition and a muted sampler.
    static let workflow = """
        {"last_node_id": 20, "last_link_id": 30, "version": 0.4, "nodes": [
         {"id": 3, "type": "KSampler", "mode": 0, "inputs": [
           {"name": "model", "type": "MODEL", "link": 1}, {"name": "positive", "type": "CONDITIONING", "link": 4},
           {"name": "negative", "type": "CONDITIONING", "link": 6}, {"name": "latent_image", "type": "LATENT", "link": 2}],
          "widgets_values": [99, "randomize", 25, 7.5, "dpmpp_2m", "karras", 1]},
         {"id": 19, "type": "KSampler", "mode": 2, "inputs": [], "widgets_values": [1, "fixed", 1, 1, "muted", "x", 1]},
         {"id": 4, "type": "CheckpointLoaderSimple", "mode": 0, "inputs": [], "widgets_values": ["base.safetensors"]},
         {"id": 6, "type": "CLIPTextEncode", "mode": 0, "inputs": [{"name": "clip", "type": "CLIP", "link": 3}],
          "widgets_values": ["a harbour"]},
         {"id": 7, "type": "CLIPTextEncode", "mode": 0, "inputs": [{"name": "clip", "type": "CLIP", "link": 3},
           {"name": "text", "type": "STRING", "link": 9, "widget": {"name": "text"}}], "widgets_values": ["stale"]},
         {"id": 10, "type": "LoraLoader", "mode": 4, "outputs": [{"name": "MODEL", "type": "MODEL"}],
          "inputs": [{"name": "model", "type": "MODEL", "link": 7}, {"name": "clip", "type": "CLIP", "link": 8}],
          "widgets_values": ["off.safetensors", 1, 1]},
         {"id": 11, "type": "Reroute", "mode": 0, "inputs": [{"name": "", "type": "*", "link": 5}]},
         {"id": 12, "type": "PrimitiveNode", "mode": 0, "inputs": [], "widgets_values": ["haze", "fixed"]},
         {"id": 9, "type": "SaveImage", "mode": 0, "inputs": [{"name": "images", "type": "IMAGE", "link": 10}]},
         {"id": 8, "type": "VAEDecode", "mode": 0, "inputs": [{"name": "samples", "type": "LATENT", "link": 11}]}],
         "links": [[1, 10, 0, 3, 0, "MODEL"], [2, 5, 0, 3, 3, "LATENT"], [4, 11, 0, 3, 1, "CONDITIONING"],
          [5, 6, 0, 11, 0, "*"], [6, 7, 0, 3, 2, "CONDITIONING"], [7, 4, 0, 10, 0, "MODEL"], [8, 4, 1, 10, 1, "CLIP"],
          [9, 12, 0, 7, 1, "STRING"], [10, 8, 0, 9, 0, "IMAGE"], [11, 3, 0, 8, 0, "LATENT"]]}
        """
}
