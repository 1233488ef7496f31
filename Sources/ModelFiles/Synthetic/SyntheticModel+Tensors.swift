import Tensors

/// A tensor of random weights.
struct SyntheticTensor {
    let plan: GGUFTensorPlan
    let content: Content

    enum Content {
        /// Mean 0 and this standard deviation.
        case weights(deviation: Float)
        /// Around 1, as trained norms are.
        case norm
    }

    var elementCount: Int { plan.dimensions.reduce(1, *) }
    var byteCount: Int { plan.type.byteCount(of: elementCount) }

    /// Makes the next `count` elements and returns their bytes.
    func fill(
        _ count: Int, from generator: inout RandomWeights, into buffer: UnsafeMutableRawBufferPointer
    ) -> UnsafeRawBufferPointer {
        let bytes = UnsafeMutableRawBufferPointer(rebasing: buffer.prefix(plan.type.byteCount(of: count)))
        switch content {
        case .weights(let deviation):
            generator.fill(plan.type, deviation: deviation, count: count, into: bytes.baseAddress!)
        case .norm:
            let values = [Float](unsafeUninitializedCapacity: count) { values, filled in
                generator.fill(.f32, deviation: 0.1, count: count, into: values.baseAddress!)
                for index in 0..<count { values[index] += 1 }
                filled = count
            }
            quantize(plan.type, values, count: count, into: bytes.baseAddress!)
        }
        return UnsafeRawBufferPointer(bytes)
    }
}

extension SyntheticModel {
    /// All tensors in the order of the file.
    ///
    /// Deviations keep rows of normalized input at size 1; what is added to the hidden states is damped by the number
    /// of additions, as GPT-2 does. An embedding that is also the head has to be small, or every token would repeat.
    func tensors(
        vocabSize: Int, names: TensorNames = .gguf, normType: ElementType = .f32
    ) -> [SyntheticTensor] {
        let headDeviation = 2 / Float(hiddenSize).squareRoot()
        let embeddingType = tokenEmbeddingType ?? (hasTiedOutputHead ? headType : fitting(type, columns: hiddenSize))
        var tensors = [
            matrix(
                names.tokenEmbedding, rows: vocabSize, columns: hiddenSize, type: embeddingType,
                deviation: hasTiedOutputHead ? headDeviation : 1)
        ]
        for index in 0..<layerCount { tensors += layer(index, names, normType) }
        tensors.append(norm(names.outputNorm, normType))
        if !hasTiedOutputHead {
            tensors.append(
                matrix(
                    names.outputHead, rows: vocabSize, columns: hiddenSize, type: headType, deviation: headDeviation))
        }
        return tensors
    }

    private func layer(_ index: Int, _ names: TensorNames, _ normType: ElementType) -> [SyntheticTensor] {
        let (query, kv) = (headCount * sizeOfHead, kvHeadCount * sizeOfHead)
        let damping = 1 / Float(2 * layerCount).squareRoot()
        func norm(_ part: LayerPart) -> SyntheticTensor { self.norm(names.name(part, layer: index), normType) }
        func matrix(_ part: LayerPart, _ rows: Int, _ columns: Int, _ factor: Float = 1) -> SyntheticTensor {
            self.matrix(
                names.name(part, layer: index), rows: rows, columns: columns, type: fitting(type, columns: columns),
                deviation: factor / Float(columns).squareRoot())
        }
        return [
            norm(.attentionNorm), matrix(.wq, query, hiddenSize), matrix(.wk, kv, hiddenSize),
            matrix(.wv, kv, hiddenSize), matrix(.wo, hiddenSize, query, damping),
            norm(.ffnNorm), matrix(.wGate, intermediateSize, hiddenSize), matrix(.wUp, intermediateSize, hiddenSize),
            matrix(.wDown, hiddenSize, intermediateSize, damping),
        ]
    }

    private func norm(_ name: String, _ type: ElementType) -> SyntheticTensor {
        SyntheticTensor(plan: GGUFTensorPlan(name: name, dimensions: [hiddenSize], type: type), content: .norm)
    }

    private func matrix(
        _ name: String, rows: Int, columns: Int, type: ElementType, deviation: Float
    ) -> SyntheticTensor {
        SyntheticTensor(
            plan: GGUFTensorPlan(name: name, dimensions: [columns, rows], type: type),
            content: .weights(deviation: deviation))
    }

    private var headType: ElementType {
        outputHeadType ?? fitting(QuantizationChoice.head(type), columns: hiddenSize)
    }

    private func fitting(_ type: ElementType, columns: Int) -> ElementType {
        QuantizationChoice.fitting(type, columns: columns)
    }
}
