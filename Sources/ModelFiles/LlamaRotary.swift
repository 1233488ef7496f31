import Tensors

/// Reads the rotary embedding of architecture `llama`, old and new spellings.
enum LlamaRotary {
    static let factorsTensor = "rope_freqs.weight"

    static func read(_ metadata: ModelMetadata, headDim: Int) throws(ModelFileProblem) -> RotaryConfiguration {
        let dimensionCount = try metadata.optionalSize("rope.dimension_count") ?? headDim
        guard dimensionCount % 2 == 0, dimensionCount <= headDim else {
            throw .invalidValue(
                key: metadata.key("rope.dimension_count"),
                reason: "is \(dimensionCount), not an even number up to the head size \(headDim)")
        }
        return RotaryConfiguration(
            theta: try metadata.optionalNumber("rope.freq_base", in: 1...1e15) ?? 10_000,
            dimensionCount: dimensionCount, pairing: .adjacent, linearFactor: try linearFactor(metadata),
            frequencyFactors: try frequencyFactors(metadata.file, pairs: dimensionCount / 2))
    }

    /// `rope.scaling.type` and `.factor`, or `rope.scale_linear` of files from before 2023-11. A factor of 0 means none.
    private static func linearFactor(_ metadata: ModelMetadata) throws(ModelFileProblem) -> Double {
        let limits = 0.0...1e6
        let old = try metadata.optionalNumber("rope.scale_linear", in: limits)
        let factor = try metadata.optionalNumber("rope.scaling.factor", in: limits) ?? old ?? 1
        let type = metadata.value("rope.scaling.type").map { printable($0.text ?? []) } ?? "linear"
        switch type {
        case "none": return 1
        case "linear": return factor == 0 ? 1 : factor
        default: throw .unsupportedFeature("the model scales its positions by '\(type)'")
        }
    }

    private static func frequencyFactors(_ file: GGUFFile, pairs: Int) throws(ModelFileProblem) -> [Float]? {
        guard let tensor = file.tensor(factorsTensor) else { return nil }
        guard tensor.type == .f32 else {
            throw .unsupportedElementType(tensor: tensor.name, type: tensor.typeName, supported: [ElementType.f32.name])
        }
        guard tensor.elementCount == pairs else {
            throw .wrongShape(tensor: tensor.name, expected: [pairs], found: tensor.dimensions)
        }
        let bytes = file.file.bytes
        let factors = (0..<pairs).map {
            Float(bitPattern: GGUFValue.load(UInt32.self, bytes, tensor.fileRange.lowerBound + 4 * $0))
        }
        guard factors.allSatisfy({ $0.isFinite && $0 > 0 }) else {
            throw .invalidDimensions(tensor: tensor.name, reason: "holds a factor that is not positive")
        }
        return factors
    }
}
