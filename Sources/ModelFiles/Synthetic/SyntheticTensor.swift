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
