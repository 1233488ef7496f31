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

/// The order in which a matrix's rows are written.
enum RowOrder: Equatable {
    case same
    /// Hugging Face pairs row i of a head with row i + turning / 2; here the two become neighbours.
    case neighbours(headDim: Int, turning: Int)

    /// The row of the source that becomes `row`.
    func source(of row: Int) -> Int {
        guard case .neighbours(let headDim, let turning) = self else { return row }
        let place = row % headDim
        guard place < turning else { return row }
        return row - place + place % 2 * (turning / 2) + place / 2
    }
}
