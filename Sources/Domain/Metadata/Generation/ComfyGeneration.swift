/// What a walk through a graph of ComfyUI finds.
struct ComfyGeneration {
    var positive = ""
    var negative = ""
    var steps: String?
    var sampler: String?
    var scheduler: String?
    var scale: String?
    var seed: String?
    var model: String?
    /// In the order in which they are applied.
    var loras: [String] = []
}
