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
    func write(row: Int, to destination: UnsafeMutableRawPointer) throws(FileReadError) {
        switch content {
        case .made(let values):
            values.withUnsafeBufferPointer {
                quantize(plan.type, $0.baseAddress! + row * columns, count: columns, into: destination)
            }
        case .stored(let tensor, let type, let order):
            let size = type.byteCount(of: columns)
            let start = tensor.range.lowerBound + order.source(of: row) * size
            guard type != plan.type else { return try tensor.file.read(start..<start + size, into: destination) }
            let source = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 64)
            defer { source.deallocate() }
            try tensor.file.read(start..<start + size, into: source)
            withUnsafeTemporaryAllocation(of: Float.self, capacity: columns) { values in
                dequantize(type, source, count: columns, into: values.baseAddress!)
                quantize(plan.type, values.baseAddress!, count: columns, into: destination)
            }
        }
    }

    /// Whoever has written rows asks this afterwards.
    func refuseChanges() throws(FileReadError) {
        if case .stored(let tensor, _, _) = content { try tensor.file.refuseChanges() }
    }
}
