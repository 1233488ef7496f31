import Tensors

/// Numbers by which ranks tell whether they opened the same model, though each has its own copy and owns other layers.
extension Model {
    /// Metadata, tensor tables and file sizes: must be the same on all ranks.
    public var headerHash: UInt64 { source.headerHash }

    /// Of samples of every tensor in `layers`, and of the embedding, the last norm and the head if asked for. Any rank can
    /// work it out for any layers, so rank 0 can check what the others say.
    ///
    /// - Precondition: `layers` lies in the model.
    public func weightHash(layers: Range<Int>, includingEnds: Bool) throws(FileReadError) -> UInt64 {
        let ends = includingEnds ? [tokenEmbedding, outputNorm, outputHead] : []
        return try TensorSamples(ends + layers.flatMap { layer($0).all }).hash()
    }
}
