/// What is to know of a weight before any file is open: how files call it, its shape as a rule of the model's configuration,
/// and of a matrix that rows are multiplied with, how that is done.
public struct WeightRule: Sendable {
    public let part: ModelPart
    /// What a GGUF calls it, after the prefix of the layer.
    let gguf: String
    /// What Hugging Face's weights call it, after the prefix of the layer.
    let huggingFace: String
    /// Outputs of a matrix; nil for a vector.
    public let rows: Width?
    /// Inputs of a matrix, elements of a vector.
    public let columns: Width
    /// nil for what is no factor of a matrix product: vectors, and the embedding, of which a token takes one row.
    public let product: ProductRule?

    /// Whether the order of its outputs depends on how rotary embedding pairs elements: those of queries and keys, and of
    /// the norms of their heads.
    var followsPairing: Bool { [.queries, .keys, .head].contains(rows ?? columns) }

    static func vector(_ part: ModelPart, _ gguf: String, _ huggingFace: String, _ size: Width) -> WeightRule {
        WeightRule(part: part, gguf: gguf, huggingFace: huggingFace, rows: nil, columns: size, product: nil)
    }

    /// - Parameter shape: [rows, columns]
    static func table(_ part: ModelPart, _ gguf: String, _ huggingFace: String, _ shape: [Width]) -> WeightRule {
        WeightRule(part: part, gguf: gguf, huggingFace: huggingFace, rows: shape[0], columns: shape[1], product: nil)
    }

    /// - Parameter shape: [rows, columns]
    static func matrix(
        _ part: ModelPart, _ gguf: String, _ huggingFace: String, _ shape: [Width], _ precision: ActivationPrecision,
        split: RowSplit
    ) -> WeightRule {
        WeightRule(
            part: part, gguf: gguf, huggingFace: huggingFace, rows: shape[0], columns: shape[1],
            product: ProductRule(precision: precision, split: split))
    }
}
