import Tensors

/// A tensor on its way into a GGUF file: where its elements come from, in which order its rows go, and what they become.
struct ExportedTensor {
    let plan: GGUFTensorPlan
    let content: Content

    enum Content {
        case stored(StoredTensor, as: ElementType, RowOrder)
        case made([Float])
    }

    /// A vector whose elements change places counts as rows of one.
    var columns: Int {
        if plan.dimensions.count == 1, case .stored(_, _, .neighbours) = content { return 1 }
        return plan.dimensions[0]
    }
    var rows: Int { plan.dimensions.reduce(1, *) / columns }
    var bytesPerRow: Int { plan.type.byteCount(of: columns) }

    /// Writes row `row` of the file to `destination`.
    func write(row: Int, to destination: UnsafeMutableRawPointer) {
        switch content {
        case .made(let values):
            values.withUnsafeBufferPointer {
                quantize(plan.type, $0.baseAddress! + row * columns, count: columns, into: destination)
            }
        case .stored(let tensor, let type, let order):
            let size = type.byteCount(of: columns)
            let start = tensor.range.lowerBound + order.source(of: row) * size
            let source = tensor.file.bytes.baseAddress! + start
            guard type != plan.type else { return destination.copyMemory(from: source, byteCount: size) }
            withUnsafeTemporaryAllocation(of: Float.self, capacity: columns) { values in
                dequantize(type, source, count: columns, into: values.baseAddress!)
                quantize(plan.type, values.baseAddress!, count: columns, into: destination)
            }
        }
    }
}
