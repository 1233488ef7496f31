/// What a run is going to do, as far as it decides how much the output head weighs beside the layers: in decode it
/// handles every row that they do, of a prompt only the last.
public struct Workload: Sendable, Equatable {
    public var promptTokens: Int
    public var generateTokens: Int
    public var sequences: Int
    /// The most rows of a microbatch.
    public var chunk: Int

    /// Rows whose arithmetic takes as long as reading the weights for them.
    private static let computeBoundRows = 8.0

    public init(promptTokens: Int, generateTokens: Int, sequences: Int, chunk: Int) {
        self.promptTokens = promptTokens
        self.generateTokens = generateTokens
        self.sequences = sequences
        self.chunk = chunk
    }

    /// The head's cost for each unit of the layers': 1 where every row wants logits.
    public func headShare(ranks: Int) -> Double {
        let promptRows = Double(promptTokens) * Double(sequences)
        let chunks = (promptRows / Double(chunk)).rounded(.up)
        let layersInPrefill = chunks + promptRows / Self.computeBoundRows
        let headInPrefill = Double(sequences) * (1 + 1 / Self.computeBoundRows)
        let batch = Double(sequences) / Self.computeBoundRows
        let inDecode = Double(generateTokens - 1) * (min(max(batch.rounded(.up), 1), Double(ranks + 1)) + batch)
        return (headInPrefill + inDecode) / (layersInPrefill + inDecode)
    }
}

extension LayerCosts {
    /// The costs for planning a run: with the head as heavy as the work makes it.
    public func weighted(for workload: Workload, ranks: Int) -> LayerCosts {
        LayerCosts(layers: layers, head: Int((Double(head) * min(1, workload.headShare(ranks: ranks))).rounded()))
    }
}
