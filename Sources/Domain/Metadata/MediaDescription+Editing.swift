extension MediaDescription {
    /// What searches ask for besides words and that a text says.
    struct Facts: Hashable, Sendable {
        var model: String?
        var seed: UInt64?
    }

    /// Model and seed of the file when a person's text stands in place of its own; `nil`: its own stands.
    ///
    /// What its own text says of them is replaced with it. What that never said, such as the seed of ComfyUI, is the
    /// file's as long as the person says nothing else.
    func facts(edited: String?) -> Facts {
        let own = Facts(model: model, seed: seed)
        guard let edited, edited != text else { return own }
        let (new, old) = (GenerationInfo(edited), GenerationInfo(text))
        return Facts(
            model: new.model ?? (old.model == nil ? own.model : nil),
            seed: new.seed ?? (old.seed == nil ? own.seed : nil)
        )
    }
}
