import Kernels

/// Rows of floats that a matrix is multiplied with, and the place where they stand quantized.
struct Rows {
    let floats: UnsafeMutablePointer<Float>
    let width: Int
    let quantized: Activations
    /// Where the quantized rows begin.
    let first: Int

    init(_ floats: UnsafeMutablePointer<Float>, width: Int, _ quantized: Activations, first: Int = 0) {
        self.floats = floats
        self.width = width
        self.quantized = quantized
        self.first = first
    }

    @inline(__always)
    func row(_ index: Int) -> UnsafeMutablePointer<Float> { floats + index * width }
}

/// How finely activations meet integer weights.
enum Precision {
    /// 7 bits and a sign, and a scale for 32 columns, or for 16 where the buffer says so.
    case plain
    /// The remainder of the first quantization is quantized too, and both products are added: 15 bits.
    ///
    /// It costs prefill a second pass and decode, which waits for memory, nothing. It goes where errors are made that
    /// stay: keys and values, which the cache keeps; and the output head.
    case fine
}

/// The steps that attention and feed-forward share. Each thread does its part.
extension Stage {
    /// RMSNorm, quantized with `precision` for integer weights; all rows are there for all threads when it returns.
    ///
    /// A single row every thread makes for itself, which takes as long as one thread and spares them a meeting.
    func normalize(
        _ x: UnsafeMutablePointer<Float>, _ weight: [Float], _ precision: Precision?, into quantized: Activations,
        _ worker: borrowing Worker
    ) -> Rows {
        let width = configuration.hiddenSize
        let count = workspace.rowCount
        let place = count > 1 ? 0 : worker.index
        let first = precision == .fine ? 2 * place : place
        let normed = Rows(workspace.normed + place * width, width: width, quantized, first: first)
        for row in count > 1 ? rows(of: worker) : 0..<count {
            kernels.rmsNorm(
                x + row * width, weight: weight, count: width, epsilon: configuration.rmsNormEpsilon,
                into: normed.row(row))
            guard let precision else { continue }
            normed.quantized.quantize(normed.row(row), row: normed.first + row, with: kernels)
            guard precision == .fine else { continue }
            normed.quantized.quantizeRemainder(
                of: normed.row(row), row: normed.first + row, into: normed.first + count + row,
                scratch: workspace.update + (place + row) * width, with: kernels)
        }
        if count > 1 { worker.barrier() }
        return normed
    }

    /// The product's columns `columns`, which begin a row group, for all rows of the microbatch: output `[rows, stride]`,
    /// after it the product with the remainders where the precision is fine and the weights are integers.
    func multiply(
        _ matrix: PackedMatrix, _ input: Rows, _ precision: Precision, _ columns: Range<Int>,
        into output: UnsafeMutablePointer<Float>, stride: Int
    ) {
        let size = PackedMatrix.groupRows
        let groups = columns.lowerBound / size..<(columns.upperBound + size - 1) / size
        if matrix.type.isQuantized {
            let rowCount = precision == .fine ? 2 * workspace.rowCount : workspace.rowCount
            kernels.multiply(
                matrix, groups: groups, by: input.quantized, tokens: input.first..<input.first + rowCount,
                into: output, outputStride: stride)
        } else {
            kernels.multiply(
                matrix, groups: groups, by: input.floats, stride: input.width, tokens: workspace.rowCount,
                into: output, outputStride: stride)
        }
    }

    /// Adds some columns of the remainder's product to those of `row`, where `matrix` made one.
    func addRemainder(
        of matrix: PackedMatrix, to output: UnsafeMutablePointer<Float>, row: Int, _ columns: Range<Int>, width: Int
    ) {
        guard matrix.type.isQuantized else { return }
        let start = output + columns.lowerBound
        kernels.add(start + (workspace.rowCount + row) * width, to: start + row * width, count: columns.count)
    }

    /// Adds some columns of a bias, where the family has one, to those of a row.
    func add(_ bias: [Float]?, to row: UnsafeMutablePointer<Float>, _ columns: Range<Int>) {
        guard let bias else { return }
        bias.withUnsafeBufferPointer {
            kernels.add($0.baseAddress! + columns.lowerBound, to: row + columns.lowerBound, count: columns.count)
        }
    }

    /// x += matrix · input + bias, for this thread's columns of all rows.
    ///
    /// - Parameter layer: the layer that ends here, where `x` must be finite.
    func addProduct(
        _ matrix: PackedMatrix, _ input: Rows, _ bias: [Float]? = nil, to x: UnsafeMutablePointer<Float>,
        noting layer: Int? = nil, _ worker: borrowing Worker
    ) {
        let width = configuration.hiddenSize
        let groups = worker.share(of: matrix.groupCount)
        let size = PackedMatrix.groupRows
        let columns = groups.lowerBound * size..<min(groups.upperBound * size, width)
        guard !columns.isEmpty else { return }
        multiply(matrix, input, .plain, columns, into: workspace.update, stride: width)
        for row in 0..<workspace.rowCount {
            let sum = x + row * width + columns.lowerBound
            add(bias, to: workspace.update + row * width, columns)
            kernels.add(workspace.update + row * width + columns.lowerBound, to: sum, count: columns.count)
            if let layer, !isFinite(sum, count: columns.count) {
                workspace.failures[worker.index] = min(workspace.failures[worker.index], layer)
            }
        }
    }
}

/// Whether none of `count` values is infinite or not a number: no exponent has all its bits set.
private func isFinite(_ values: UnsafePointer<Float>, count: Int) -> Bool {
    let exponentMask: UInt32 = 0x7F80_0000
    var largest: UInt32 = 0
    for index in 0..<count { largest = max(largest, values[index].bitPattern & exponentMask) }
    return largest < exponentMask
}
