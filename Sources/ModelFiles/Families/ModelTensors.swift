import Tensors

/// Finds a model's tensors by name and checks each one's type and shape; then nothing may be left over.
struct ModelTensors {
    private let stored: StoredTensors
    private let names: TensorNames
    private let family: ModelFamily
    /// What matrices of plain floats become in memory; nil: they stay as they are.
    private let quantization: ElementType?
    private var used: Set<String> = []

    init(_ stored: StoredTensors, _ names: TensorNames, _ family: ModelFamily, quantization: ElementType?) {
        self.stored = stored
        self.names = names
        self.family = family
        self.quantization = quantization
    }

    /// The vector or matrix called `name`. `rows` is nil for a vector.
    private mutating func view(
        _ name: String, rows: Int? = nil, columns: Int
    ) throws(ModelFileProblem) -> TensorView {
        guard let tensor = stored[name] else { throw .missingTensor(name) }
        guard let type = tensor.type else {
            throw .unsupportedElementType(
                tensor: name, type: tensor.typeName, supported: ElementType.allCases.map(\.name))
        }
        let expected = [columns] + (rows.map { [$0] } ?? [])
        // Trailing dimensions of size 1 say nothing.
        var found = tensor.dimensions
        while found.count > expected.count, found.last == 1 { found.removeLast() }
        if found.count == 1, expected.count == 2 { found.append(1) }
        guard found == expected else {
            throw .wrongShape(tensor: name, expected: expected, found: tensor.dimensions)
        }
        used.insert(name)
        return TensorView(tensor, type: type)
    }

    /// Weights that nobody asked for would change the results, so they are refused: adapters, experts.
    func refuseUnused() throws(ModelFileProblem) {
        for tensor in stored.all where !used.contains(tensor.name) && !names.isHarmless(tensor.name) {
            throw .unexpectedTensor(tensor.name)
        }
    }

    /// The embedding, whose rows are read from the file as they are.
    mutating func tokenEmbedding(_ configuration: ModelConfiguration) throws(ModelFileProblem) -> TensorView {
        try view(names.tokenEmbedding, rows: configuration.vocabSize, columns: configuration.hiddenSize)
    }

    mutating func outputNorm(_ configuration: ModelConfiguration) throws(ModelFileProblem) -> TensorView {
        try view(names.outputNorm, columns: configuration.hiddenSize)
    }

    /// The embedding where that is the head too.
    mutating func outputHead(_ configuration: ModelConfiguration) throws(ModelFileProblem) -> TensorView {
        let name = configuration.hasTiedOutputHead ? names.tokenEmbedding : names.outputHead
        let head = try view(name, rows: configuration.vocabSize, columns: configuration.hiddenSize)
        return head.quantized(to: quantization.map(QuantizationChoice.head))
    }
}

/// The layers.
extension ModelTensors {
    mutating func layer(
        _ index: Int, _ configuration: ModelConfiguration
    ) throws(ModelFileProblem) -> LayerTensors {
        let hidden = configuration.hiddenSize
        let attentionNorm = try vector(.attentionNorm, index, hidden)
        let (wq, wk, wv) = try projections(index, configuration)
        let wo = try matrix(.wo, index, rows: hidden, columns: configuration.querySize)
        let ffnNorm = try vector(.ffnNorm, index, hidden)
        let (wGate, wUp) = try gates(index, configuration)
        let wDown = try matrix(.wDown, index, rows: hidden, columns: configuration.intermediateSize)
        var layer = LayerTensors(
            attentionNorm: attentionNorm, wq: wq, wk: wk, wv: wv, wo: wo, ffnNorm: ffnNorm, wGate: wGate, wUp: wUp,
            wDown: wDown)
        layer.bq = try bias(.bq, index, configuration.querySize, family.biases)
        layer.bk = try bias(.bk, index, configuration.kvSize, family.biases)
        layer.bv = try bias(.bv, index, configuration.kvSize, family.biases)
        layer.bo = try bias(.bo, index, hidden, family.outputBias)
        if family.normalizesHeads {
            layer.queryNorm = try vector(.queryNorm, index, configuration.headDim)
            layer.keyNorm = try vector(.keyNorm, index, configuration.headDim)
        }
        return layer
    }

    private mutating func projections(
        _ index: Int, _ configuration: ModelConfiguration
    ) throws(ModelFileProblem) -> (wq: TensorView, wk: TensorView, wv: TensorView) {
        let (hidden, query, kv) = (configuration.hiddenSize, configuration.querySize, configuration.kvSize)
        guard family.fusesProjections else {
            return (
                try matrix(.wq, index, rows: query, columns: hidden), try matrix(.wk, index, rows: kv, columns: hidden),
                try matrix(.wv, index, rows: kv, columns: hidden)
            )
        }
        let all = try matrix(.wqkv, index, rows: query + 2 * kv, columns: hidden)
        return (all.rows(0..<query), all.rows(query..<query + kv), all.rows(query + kv..<query + 2 * kv))
    }

    private mutating func gates(
        _ index: Int, _ configuration: ModelConfiguration
    ) throws(ModelFileProblem) -> (wGate: TensorView, wUp: TensorView) {
        let (hidden, ffn) = (configuration.hiddenSize, configuration.intermediateSize)
        guard family.fusesGates else {
            return (
                try matrix(.wGate, index, rows: ffn, columns: hidden),
                try matrix(.wUp, index, rows: ffn, columns: hidden)
            )
        }
        let both = try matrix(.wGateUp, index, rows: 2 * ffn, columns: hidden)
        return (both.rows(0..<ffn), both.rows(ffn..<2 * ffn))
    }

    private mutating func vector(_ part: LayerPart, _ index: Int, _ size: Int) throws(ModelFileProblem) -> TensorView {
        try view(names.name(part, layer: index), columns: size)
    }

    private mutating func matrix(
        _ part: LayerPart, _ index: Int, rows: Int, columns: Int
    ) throws(ModelFileProblem) -> TensorView {
        try view(names.name(part, layer: index), rows: rows, columns: columns).quantized(to: quantization)
    }

    private mutating func bias(
        _ part: LayerPart, _ index: Int, _ size: Int, _ presence: ModelFamily.Presence
    ) throws(ModelFileProblem) -> TensorView? {
        if presence == .never { return nil }
        if presence == .optional, stored[names.name(part, layer: index)] == nil { return nil }
        return try vector(part, index, size)
    }
}
