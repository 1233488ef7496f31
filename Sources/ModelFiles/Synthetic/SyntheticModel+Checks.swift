extension SyntheticModel {
    /// Why no model of this shape can be read back; nil when one can.
    func problem(vocabSize: Int) -> String? {
        let sizes = [
            ("layer count", layerCount, 65_535), ("hidden size", hiddenSize, 1 << 24),
            ("feed-forward size", intermediateSize, 1 << 24), ("number of heads", headCount, 1 << 16),
            ("number of KV heads", kvHeadCount, 1 << 16), ("vocabulary size", vocabSize, 1 << 24),
            ("head size", headDim ?? 2, 1 << 16), ("context length", contextLength, ModelMetadata.largestSize),
        ]
        for (name, value, largest) in sizes where !(1...largest).contains(value) {
            return "the \(name) is \(value), not between 1 and \(largest)"
        }
        if headCount % kvHeadCount != 0 {
            return "\(kvHeadCount) KV heads do not divide the \(headCount) heads"
        }
        if headDim == nil, hiddenSize % headCount != 0 {
            return "\(headCount) heads do not divide the hidden size \(hiddenSize)"
        }
        if sizeOfHead % 2 != 0 { return "the head size \(sizeOfHead) is odd, but rotary pairs need an even one" }
        if !(1...1e15).contains(ropeTheta) { return "the rotary base is \(ropeTheta), not at least 1" }
        if !(1e-30...1).contains(rmsNormEpsilon) {
            return "the norm's epsilon is \(rmsNormEpsilon), not between 0 and 1"
        }
        for (name, type) in [("token embedding", tokenEmbeddingType), ("output head", outputHeadType)] {
            if let type, hiddenSize % type.blockLength != 0 {
                return "the \(name) cannot be \(type.name): \(hiddenSize) is no multiple of \(type.blockLength)"
            }
        }
        return nil
    }

    var sizeOfHead: Int { headDim ?? hiddenSize / headCount }
}
