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

    /// The weight called `name`, packed as what it is to become.
    private mutating func view(
        _ name: String, _ role: WeightRole, _ configuration: ModelConfiguration
    ) throws(ModelFileProblem) -> TensorView {
        let (rows, columns) = (role.rule.rows?.size(configuration), role.rule.columns.size(configuration))
        return try view(name, rows: rows, columns: columns).quantized(to: quantization(of: role))
    }

    /// What plain floats of a weight become; nil: they stay as they are. The embedding's rows are read as the file has them.
    private func quantization(of role: WeightRole) -> ElementType? {
        guard role.rule.product != nil else { return nil }
        return role == .outputHead ? quantization.map(QuantizationChoice.head) : quantization
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

    /// Names of tensors that nobody asked for. Those that change nothing are left out; others would change the results, so
    /// they are refused: adapters, experts.
    func leftOut(layerCount: Int) throws(ModelFileProblem) -> Set<String> {
        var names: Set<String> = []
        for tensor in stored.all where !used.contains(tensor.name) && !self.names.isRotaryTable(tensor.name) {
            if !self.names.changesNothing(tensor.name, layerCount: layerCount), !(try tensor.isBiasOfZeros()) {
                throw .unexpectedTensor(tensor.name)
            }
            names.insert(tensor.name)
        }
        return names
    }

    /// A weight at the model's ends. The embedding may be the head too.
    mutating func end(
        _ role: WeightRole, _ configuration: ModelConfiguration
    ) throws(ModelFileProblem) -> TensorView {
        let isTied = role == .outputHead && configuration.hasTiedOutputHead
        return try view(names.name(isTied ? .tokenEmbedding : role), role, configuration)
    }
}

/// The layers.
extension ModelTensors {
    mutating func layer(
        _ index: Int, _ configuration: ModelConfiguration
    ) throws(ModelFileProblem) -> LayerTensors {
        var found: [WeightRole: TensorView] = [:]
        for tensor in family.tensors(ofLayer: index) {
            let name = names.name(tensor)!
            switch tensor {
            case .weight(let role, _):
                if stored[name] == nil, family.presence(of: role) == .optional { continue }
                found[role] = try view(name, role, configuration)
            case .fused(let fused, _): try add(fused, name, configuration, to: &found)
            case .other: break
            }
        }
        return LayerTensors(found)
    }

    private mutating func add(
        _ fused: FusedMatrix, _ name: String, _ configuration: ModelConfiguration,
        to found: inout [WeightRole: TensorView]
    ) throws(ModelFileProblem) {
        let (sizes, lead) = (fused.parts.map { $0.rule.rows!.size(configuration) }, fused.parts[0])
        let whole = try view(name, rows: sizes.reduce(0, +), columns: lead.rule.columns.size(configuration))
            .quantized(to: quantization(of: lead))
        var first = 0
        for (role, size) in zip(fused.parts, sizes) {
            found[role] = whole.rows(first..<first + size)
            first += size
        }
    }
}

extension StoredTensor {
    /// Whether adding it would change nothing. Every slice has the tensors that no role names, so all ranks agree.
    fileprivate func isBiasOfZeros() throws(ModelFileProblem) -> Bool {
        guard name.hasSuffix(".bias"), dimensions.count == 1, !range.isEmpty else { return false }
        return try bytes().allSatisfy { $0 == 0 }
    }
}
