import Tensors

/// A Llama of any shape with random weights, for speed and scale runs. It says nothing sensible, but its hidden states
/// keep their size from layer to layer and its logits spread like a real model's.
public struct SyntheticModel: Sendable {
    public var layerCount: Int
    public var hiddenSize: Int
    public var intermediateSize: Int
    public var headCount: Int
    public var kvHeadCount: Int
    /// nil: `hiddenSize / headCount`.
    public var headDim: Int?
    /// Of the matrices; one that it does not fit gets the type that llama.cpp would fall back to.
    public var type: ElementType
    /// nil: the type that llama.cpp would choose for the matrices' type.
    public var tokenEmbeddingType: ElementType?
    /// nil: the type that llama.cpp would choose for the matrices' type.
    public var outputHeadType: ElementType?
    public var hasTiedOutputHead = false
    public var contextLength = 4096
    public var ropeTheta: Float = 10_000
    public var rmsNormEpsilon: Float = 1e-5
    /// The same seed and shape give the same file.
    public var seed: UInt64 = 0

    public init(
        layerCount: Int, hiddenSize: Int, intermediateSize: Int, headCount: Int, kvHeadCount: Int, type: ElementType
    ) {
        self.layerCount = layerCount
        self.hiddenSize = hiddenSize
        self.intermediateSize = intermediateSize
        self.headCount = headCount
        self.kvHeadCount = kvHeadCount
        self.type = type
    }

    /// Where the tokenizer comes from.
    public enum Vocabulary: Sendable {
        /// Copied as it is, chat template included.
        case from(GGUFFile)
        /// None; only token ids below the size can be used.
        case none(size: Int)
    }

    /// Writes the model to `path`. Memory taken does not depend on the model's size.
    ///
    /// - Parameter progress: called after every few megabytes with the bytes written and the bytes in all.
    public func write(
        to path: String, vocabulary: Vocabulary, progress: (_ written: Int, _ total: Int) -> Void = { _, _ in }
    ) throws(ModelFileError) {
        let (writer, tensors) = try begin(path, vocabulary)
        var written = 0
        for (index, tensor) in tensors.enumerated() {
            try fill(tensor, stream: index) { bytes throws(ModelFileError) in
                try writer.write(bytes)
                written += bytes.count
                progress(written, writer.fileSize)
            }
        }
        try writer.finish()
    }

    /// Writes the header, and a hole in place of the weights: a model of any size that takes no room on the disk, for
    /// whatever asks only for its shape.
    public func writeHollow(to path: String, vocabulary: Vocabulary) throws(ModelFileError) {
        try begin(path, vocabulary).writer.finishHollow()
    }

    private func begin(
        _ path: String, _ vocabulary: Vocabulary
    ) throws(ModelFileError) -> (writer: GGUFWriter, tensors: [SyntheticTensor]) {
        let vocabSize = try Self.size(of: vocabulary)
        if let reason = problem(vocabSize: vocabSize) {
            throw ModelFileError(path: path, problem: .cannotWrite(reason: reason))
        }
        let tensors = tensors(vocabSize: vocabSize)
        let writer = try GGUFWriter(
            path: path, metadata: metadata(vocabulary, vocabSize: vocabSize), tensors: tensors.map(\.plan))
        return (writer, tensors)
    }

    /// Makes a tensor's elements piece by piece.
    func fill(
        _ tensor: SyntheticTensor, stream: Int, _ write: (UnsafeRawBufferPointer) throws(ModelFileError) -> Void
    ) throws(ModelFileError) {
        let buffer = UnsafeMutableRawBufferPointer.allocate(
            byteCount: Self.elementsAtOnce * MemoryLayout<Float>.size, alignment: 64)
        defer { buffer.deallocate() }
        var generator = RandomWeights(seed: seed, stream: UInt64(stream))
        var remaining = tensor.elementCount
        while remaining > 0 {
            let count = min(remaining, Self.elementsAtOnce)
            try write(tensor.fill(count, from: &generator, into: buffer))
            remaining -= count
        }
    }

    /// A multiple of every block length.
    private static let elementsAtOnce = 1 << 20

    static func size(of vocabulary: Vocabulary) throws(ModelFileError) -> Int {
        switch vocabulary {
        case .none(let size): return size
        case .from(let file):
            guard let count = file["tokenizer.ggml.tokens"]?.elementCount else {
                throw ModelFileError(path: file.path, problem: .noTokenizer)
            }
            return count
        }
    }
}
