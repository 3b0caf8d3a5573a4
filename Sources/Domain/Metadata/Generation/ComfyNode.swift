import OrderedCollections

/// What is known of ComfyUI's classes of nodes.
enum ComfyNode {
    /// Whether nodes of this class take the steps: `KSampler`, `KSamplerAdvanced`, `SamplerCustomAdvanced`, ….
    static func isSampler(_ type: String) -> Bool {
        if type.hasPrefix("SamplerCustom") { return true }
        guard type.containsLowered("ksampler") else { return false }
        return !type.containsLowered("select") && !type.containsLowered("provider")
    }

    /// Whether nodes of this class show or store a picture.
    static func isOutput(_ type: String) -> Bool {
        type.containsLowered("save") || type.containsLowered("preview") || type.containsLowered("videocombine")
    }

    static func isLoRA(_ type: String) -> Bool { type.containsLowered("lora") }

    /// Whether a node gives an empty condition, whatever it is given.
    static func isZero(_ type: String) -> Bool { type.containsLowered("zeroout") }

    /// Whether a node puts several texts together.
    static func isJoining(_ type: String) -> Bool {
        type.containsLowered("concat") || type.containsLowered("join") || type.containsLowered("combine")
            || type.containsLowered("append")
    }

    /// How much inputs look like those of a sampler; the class is not known.
    static func likeness(_ node: ComfyGraph.Node) -> Int {
        let weights = [
            "positive": 2, "negative": 2, "sampler_name": 2, "steps": 2, "cfg": 1, "seed": 1, "noise_seed": 1,
            "scheduler": 1, "latent_image": 1, "denoise": 1,
        ]
        return node.inputs.keys.reduce(0) { $0 + (weights[$1] ?? 0) }
    }

    /// The names of the fields of a class, in the order in which the page saves their values.
    static func widgets(_ type: String) -> [String]? {
        switch type {
        case "KSampler": ["seed", "control", "steps", "cfg", "sampler_name", "scheduler", "denoise"]
        case "KSamplerAdvanced":
            ["add_noise", "noise_seed", "control", "steps", "cfg", "sampler_name", "scheduler", "start_at_step"]
        case "SamplerCustom": ["add_noise", "noise_seed", "control", "cfg"]
        case "KSamplerSelect": ["sampler_name"]
        case "BasicScheduler": ["scheduler", "steps", "denoise"]
        case "AlignYourStepsScheduler": ["model_type", "steps", "denoise"]
        case "KarrasScheduler", "ExponentialScheduler", "PolyexponentialScheduler", "SDTurboScheduler", "VPScheduler":
            ["steps"]
        case "RandomNoise": ["noise_seed", "control"]
        case "CFGGuider": ["cfg"]
        case "FluxGuidance": ["guidance"]
        case "CLIPTextEncode": ["text"]
        case "CLIPTextEncodeSDXL":
            ["width", "height", "crop_w", "crop_h", "target_width", "target_height", "text_g", "text_l"]
        case "CLIPTextEncodeSDXLRefiner": ["ascore", "width", "height", "text"]
        case "CLIPTextEncodeFlux": ["clip_l", "t5xxl", "guidance"]
        case "CLIPTextEncodeSD3": ["clip_l", "clip_g", "t5xxl", "empty_padding"]
        case "CheckpointLoaderSimple", "CheckpointLoader|pysssss": ["ckpt_name"]
        case "CheckpointLoader": ["config_name", "ckpt_name"]
        case "UNETLoader", "UnetLoaderGGUF": ["unet_name"]
        case "DiffusersLoader": ["model_path"]
        case "LoraLoader", "LoraLoaderModelOnly": ["lora_name", "strength_model", "strength_clip"]
        case "PrimitiveNode": ["value", "control"]
        case "SetNode", "GetNode": ["variable"]
        default: nil
        }
    }
}
