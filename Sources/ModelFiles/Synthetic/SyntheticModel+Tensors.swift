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

    /// Makes the next `count` elements and returns their bytes.
    func fill(
        _ count: Int, from generator: inout RandomWeights, into buffer: UnsafeMutableRawBufferPointer
    ) -> UnsafeRawBufferPointer {
        let bytes = UnsafeMutableRawBufferPointer(rebasing: buffer.prefix(plan.type.byteCount(of: count)))
        switch content {
        case .weights(let deviation):
            generator.fill(plan.type, deviation: deviation, count: count, into: bytes.baseAddress!)
        case .norm:
            generator.fill(plan.type, deviation: 0.1, count: count, into: bytes.baseAddress!)
            let values = bytes.bindMemory(to: Float.self)
            for index in values.indices { values[index] += 1 }
        }
        return UnsafeRawBufferPointer(bytes)
    }
}

extension SyntheticModel {
    /// All tensors in the order of the file.
    ///
    /// Deviations keep rows of normalized input at size 1; what is added to the hidden states is damped by the number
    /// of additions, as GPT-2 does. An embedding that is also the head has to be small, or every token would repeat.
    func tensors(vocabSize: Int) -> [SyntheticTensor] {
        let headDeviation = 2 / Float(hiddenSize).squareRoot()
        let embeddingType = tokenEmbeddingType ?? (hasTiedOutputHead ? headType : fitting(type, columns: hiddenSize))
        var tensors = [
            matrix(
                "token_embd", rows: vocabSize, columns: hiddenSize, type: embeddingType,
                deviation: hasTiedOutputHead ? headDeviation : 1)
        ]
        for index in 0..<layerCount { tensors += layer(index) }
        tensors.append(norm("output_norm"))
        if !hasTiedOutputHead {
            tensors.append(
                matrix("output", rows: vocabSize, columns: hiddenSize, type: headType, deviation: headDeviation))
        }
        return tensors
    }

    private func layer(_ index: Int) -> [SyntheticTensor] {
        let (query, kv) = (headCount * sizeOfHead, kvHeadCount * sizeOfHead)
        let damping = 1 / Float(2 * layerCount).squareRoot()
        func matrix(_ name: String, _ rows: Int, _ columns: Int, _ factor: Float = 1) -> SyntheticTensor {
            self.matrix(
                "blk.\(index).\(name)", rows: rows, columns: columns, type: fitting(type, columns: columns),
                deviation: factor / Float(columns).squareRoot())
        }
        return [
            norm("blk.\(index).attn_norm"), matrix("attn_q", query, hiddenSize), matrix("attn_k", kv, hiddenSize),
            matrix("attn_v", kv, hiddenSize), matrix("attn_output", hiddenSize, query, damping),
            norm("blk.\(index).ffn_norm"), matrix("ffn_gate", intermediateSize, hiddenSize),
            matrix("ffn_up", intermediateSize, hiddenSize),
            matrix("ffn_down", hiddenSize, intermediateSize, damping),
        ]
    }

    private func norm(_ name: String) -> SyntheticTensor {
        SyntheticTensor(
            plan: GGUFTensorPlan(name: "\(name).weight", dimensions: [hiddenSize], type: .f32), content: .norm)
    }

    private func matrix(
        _ name: String, rows: Int, columns: Int, type: ElementType, deviation: Float
    ) -> SyntheticTensor {
        SyntheticTensor(
            plan: GGUFTensorPlan(name: "\(name).weight", dimensions: [columns, rows], type: type),
            content: .weights(deviation: deviation))
    }

    /// llama.cpp keeps a quantized model's head in Q6_K, or in Q8_0 where everything is.
    private var headType: ElementType {
        outputHeadType ?? fitting(type.isQuantized && type != .q8_0 ? .q6_K : type, columns: hiddenSize)
    }

    /// llama.cpp's choice where rows are no whole blocks.
    private func fitting(_ type: ElementType, columns: Int) -> ElementType {
        if columns % type.blockLength == 0 { return type }
        switch type {
        case .q4_K: return fitting(.q5_0, columns: columns)
        case .q5_K: return fitting(.q5_1, columns: columns)
        case .q6_K: return fitting(.q8_0, columns: columns)
        default: return .f16
        }
    }
}
