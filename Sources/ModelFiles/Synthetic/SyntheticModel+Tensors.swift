import Tensors

extension SyntheticModel {
    /// All tensors in the order of the file: what every model of the family has.
    func tensors(
        vocabSize: Int, names: TensorNames = .gguf, normType: ElementType = .f32
    ) -> [SyntheticTensor] {
        let configuration = configuration(vocabSize: vocabSize)
        return ModelFamily.llama.tensors(layerCount: layerCount).compactMap { tensor in
            guard case .weight(let role, _) = tensor, ModelFamily.llama.presence(of: role) == .always,
                role != .outputHead || !hasTiedOutputHead
            else { return nil }
            let columns = role.rule.columns.size(configuration)
            let name = names.name(tensor)!
            guard let rows = role.rule.rows else {
                return SyntheticTensor(
                    plan: GGUFTensorPlan(name: name, dimensions: [columns], type: normType), content: .norm)
            }
            return SyntheticTensor(
                plan: GGUFTensorPlan(
                    name: name, dimensions: [columns, rows.size(configuration)],
                    type: elementType(of: role, columns: columns)),
                content: .weights(deviation: deviation(of: role, columns: columns)))
        }
    }

    /// Deviations keep rows of normalized input at size 1; what is added to the hidden states is damped by the number
    /// of additions, as GPT-2 does. An embedding that is also the head has to be small, or every token would repeat.
    private func deviation(of role: WeightRole, columns: Int) -> Float {
        switch role {
        case .tokenEmbedding where !hasTiedOutputHead: return 1
        case .tokenEmbedding, .outputHead: return 2 / Float(columns).squareRoot()
        default:
            let damping = role.rule.rows == .hidden ? 1 / Float(2 * layerCount).squareRoot() : 1
            return damping / Float(columns).squareRoot()
        }
    }

    private func elementType(of role: WeightRole, columns: Int) -> ElementType {
        switch role {
        case .outputHead: headType
        case .tokenEmbedding:
            tokenEmbeddingType ?? (hasTiedOutputHead ? headType : QuantizationChoice.fitting(type, columns: columns))
        default: QuantizationChoice.fitting(type, columns: columns)
        }
    }

    private var headType: ElementType {
        outputHeadType ?? QuantizationChoice.fitting(QuantizationChoice.head(type), columns: hiddenSize)
    }

    private func configuration(vocabSize: Int) -> ModelConfiguration {
        ModelConfiguration(
            architecture: ModelFamily.llama.architecture, name: "", layerCount: layerCount, hiddenSize: hiddenSize,
            intermediateSize: intermediateSize, headCount: headCount, kvHeadCount: kvHeadCount, headDim: sizeOfHead,
            vocabSize: vocabSize, contextLength: contextLength, rmsNormEpsilon: rmsNormEpsilon,
            rope: RotaryConfiguration(theta: Double(ropeTheta), dimensionCount: sizeOfHead, pairing: .adjacent),
            hasTiedOutputHead: hasTiedOutputHead)
    }
}
