/// The families, one value each.
extension ModelFamily {
    /// Llama 1 to 3.3, SmolLM 1 and 2, TinyLlama, and Mistral as GGUF.
    static let llama = ModelFamily(
        architecture: "llama", modelTypes: ["llama"], ggufPairing: .adjacent, biases: .optional, outputBias: .optional,
        feedForwardBiases: .optional)

    /// Mistral and Nemo as Hugging Face has them; as GGUF they are `llama`.
    static let mistral = ModelFamily(
        architecture: "mistral", modelTypes: ["mistral"], ggufPairing: .adjacent, window: .always)

    /// Ministral 3; its images are left out.
    static let mistral3 = ModelFamily(
        architecture: "mistral3", modelTypes: ["ministral3"], ggufPairing: .adjacent, window: .always)

    /// Qwen 2 and 2.5.
    static let qwen2 = ModelFamily(
        architecture: "qwen2", modelTypes: ["qwen2"], ggufPairing: .halves, biases: .always, window: .onRequest)

    static let qwen3 = ModelFamily(
        architecture: "qwen3", modelTypes: ["qwen3"], ggufPairing: .halves, biases: .optional, outputBias: .optional,
        normalizesHeads: true, window: .onRequest)

    /// Every fourth layer knows no positions.
    static let smolLM3 = ModelFamily(
        architecture: "smollm3", modelTypes: ["smollm3"], ggufPairing: .adjacent, biases: .optional,
        outputBias: .optional, feedForwardBiases: .optional, window: .onRequest, layersWithoutRotary: .every(4))

    /// Phi 3, 3.5 and 4, mini to medium.
    static let phi3 = ModelFamily(
        architecture: "phi3", modelTypes: ["phi3"], ggufPairing: .halves, fused: [.wqkv, .wGateUp], window: .always)
}
