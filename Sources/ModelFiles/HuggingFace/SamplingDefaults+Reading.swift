extension SamplingDefaults {
    /// What generation_config.json says; nil where it wants no sampling at all.
    init?(generation: HuggingFaceSettings) {
        guard generation["do_sample"]?.bool == true else { return nil }
        self.init(
            temperature: generation["temperature"]?.number ?? 1, topK: generation["top_k"]?.integer ?? 50,
            topP: generation["top_p"]?.number, minP: generation["min_p"]?.number,
            repeatPenalty: generation["repetition_penalty"]?.number)
    }
}
