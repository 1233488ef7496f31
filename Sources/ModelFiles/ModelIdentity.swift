import Tensors

/// Numbers by which ranks tell whether they opened the same model, though each maps its own copy and owns other layers.
extension Model {
    /// Metadata, tensor tables and file sizes: must be the same on all ranks.
    public var headerHash: UInt64 { source.headerHash }

    /// A sample of the weights: the first and last 4 KiB of every tensor in `layers`, and of the embedding, the last
    /// norm and the head if asked for. Any rank can work it out for any layers, so rank 0 can check what the others say.
    ///
    /// - Precondition: `layers` lies in the model.
    public func weightHash(layers: Range<Int>, includingEnds: Bool) -> UInt64 {
        var hash = FNV1a()
        if includingEnds {
            for tensor in [tokenEmbedding, outputNorm, outputHead] { hash.combine(tensor.sampleHash) }
        }
        for index in layers {
            for tensor in layer(index).all { hash.combine(tensor.sampleHash) }
        }
        return hash.hash
    }
}

extension TensorView {
    /// The hash of the first and last 4 KiB.
    public var sampleHash: UInt64 {
        var hash = FNV1a()
        hash.combine(UInt64(fileRange.count))
        hash.combine(UnsafeRawBufferPointer(rebasing: bytes.prefix(4096)))
        hash.combine(UnsafeRawBufferPointer(rebasing: bytes.suffix(4096)))
        return hash.hash
    }
}
