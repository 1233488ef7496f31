import Tensors

/// Finds a model's tensors by name and checks each one's type and shape; then nothing may be left over.
struct ModelTensors {
    private let file: GGUFFile
    private var used: Set<String> = []

    init(_ file: GGUFFile) { self.file = file }

    /// The vector or matrix called `name`. `rows` is nil for a vector.
    mutating func view(_ name: String, rows: Int? = nil, columns: Int) throws(ModelFileProblem) -> TensorView {
        guard let tensor = file.tensor(name) else { throw .missingTensor(name) }
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
        return TensorView(tensor, type: type, in: file.file)
    }

    /// Weights that nobody asked for would change the results, so they are refused: biases, adapters, experts.
    func refuseUnused() throws(ModelFileProblem) {
        for tensor in file.tensors where !used.contains(tensor.name) && !Self.isHarmless(tensor.name) {
            throw .unexpectedTensor(tensor.name)
        }
    }

    /// Tables of rotary frequencies: the shared one is read with the configuration, the old ones per layer only
    /// repeat what the metadata say.
    private static func isHarmless(_ name: String) -> Bool {
        name == LlamaRotary.factorsTensor || (name.hasPrefix("blk.") && name.contains(".attn_rot_embd"))
    }
}

extension ModelTensors {
    mutating func layer(
        _ index: Int, _ configuration: ModelConfiguration
    ) throws(ModelFileProblem) -> LayerTensors {
        let (hidden, ffn) = (configuration.hiddenSize, configuration.intermediateSize)
        let (query, kv) = (configuration.querySize, configuration.kvSize)
        func name(_ part: String) -> String { "blk.\(index).\(part).weight" }
        return LayerTensors(
            attentionNorm: try view(name("attn_norm"), columns: hidden),
            wq: try view(name("attn_q"), rows: query, columns: hidden),
            wk: try view(name("attn_k"), rows: kv, columns: hidden),
            wv: try view(name("attn_v"), rows: kv, columns: hidden),
            wo: try view(name("attn_output"), rows: hidden, columns: query),
            ffnNorm: try view(name("ffn_norm"), columns: hidden),
            wGate: try view(name("ffn_gate"), rows: ffn, columns: hidden),
            wUp: try view(name("ffn_up"), rows: ffn, columns: hidden),
            wDown: try view(name("ffn_down"), rows: hidden, columns: ffn))
    }
}
