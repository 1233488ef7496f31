import TestSupport

/// What a float32 reference implementation computed of the small random Llama 2 in the fixtures.
struct TinyReference: Decodable {
    let ids: [Int32]
    let greedyIds: [Int32]
    let argmax: [Int32]
    let lastLogits: [Float]

    static let modelPath = TestFiles.fixture("llama2/llama2-f32.gguf")
    static let path = TestFiles.fixture("llama2/reference.json")
}

/// The negative log-likelihood of each token after the first, in float32.
struct FirstTokens: Decodable {
    let ids: [Int32]
    let nll: [Double]
}

/// What PyTorch computed in float32 from SmolLM2's dequantized weights.
struct SmolLM2Reference: Decodable {
    struct Text: Decodable {
        let text: String
        let ids: [Int32]
        let meanNll: Double
        let top5Logprob: [[[Double]]]
    }
    struct Message: Decodable {
        let role: String
        let content: String
    }
    struct Generation: Decodable {
        let prompt: String?
        let messages: [Message]?
        let promptIds: [Int32]
        let greedyIds: [Int32]
        let top1Margin: [Double]
    }
    let texts: [String: Text]
    let generations: [String: Generation]

    static let path = TestFiles.fixture("smollm2-reference.json")
}
