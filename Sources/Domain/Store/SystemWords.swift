import GRDB

/// The words that are there from the start: what an installation has folders of (contracts/comfy-assets.md §1.7).
enum SystemWords {
    static let names = [
        "models", "input", "output", "configs", "checkpoints", "loras", "vae", "text_encoders", "diffusion_models",
        "clip_vision", "style_models", "embeddings", "diffusers", "vae_approx", "controlnet", "gligen",
        "upscale_models", "hypernetworks", "photomaker", "classifiers", "encoder", "decoder", "missing", "rescan",
    ]

    /// Adds those that are missing; a word of one of these names that people made keeps its id and whose it is.
    static func add(_ database: Database) throws {
        for name in names {
            try database.execute(
                sql: "INSERT INTO word (name, system) VALUES (?, 1) ON CONFLICT (name) DO UPDATE SET system = 1",
                arguments: [name]
            )
        }
    }
}
