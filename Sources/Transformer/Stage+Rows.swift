import Kernels

/// Rows of floats that a matrix is multiplied with, and the place where they stand quantized.
struct Rows {
    let floats: UnsafeMutablePointer<Float>
    let width: Int
    let quantized: Activations

    init(_ floats: UnsafeMutablePointer<Float>, width: Int, _ quantized: Activations) {
        self.floats = floats
        self.width = width
        self.quantized = quantized
    }

    @inline(__always)
    func row(_ index: Int) -> UnsafeMutablePointer<Float> { floats + index * width }
}

/// How finely activations meet integer weights.
enum Precision {
    /// 7 bits and a sign in blocks of 32 columns.
    case plain
    /// The remainder of the first quantization is quantized too, and both products are added: 15 bits.
    ///
    /// It costs prefill a second pass and decode, which waits for memory, nothing. It goes where errors are made that
    /// stay: keys and values, which the cache keeps; `wDown`, whose inputs have outliers; the output head.
    case fine
}

/// The steps that attention and feed-forward share. Each thread does its part; barriers are the caller's.
extension Stage {
    /// RMSNorm of this thread's rows.
    func normalize(_ x: UnsafeMutablePointer<Float>, _ weight: [Float], _ worker: borrowing Worker) -> Rows {
        let normed = Rows(workspace.normed, width: configuration.hiddenSize, workspace.quantizedNormed)
        for row in rows(of: worker) {
            kernels.rmsNorm(
                x + row * normed.width, weight: weight, count: normed.width, epsilon: configuration.rmsNormEpsilon,
                into: normed.row(row))
        }
        return normed
    }

    /// Quantizes this thread's rows for integer weights.
    ///
    /// - Parameter scratch: rows of the same width that are overwritten; for ``Precision/fine``.
    func quantize(
        _ rows: Rows, _ precision: Precision, scratch: UnsafeMutablePointer<Float>? = nil, _ worker: borrowing Worker
    ) {
        for row in self.rows(of: worker) {
            rows.quantized.quantize(rows.row(row), row: row, with: kernels)
            guard precision == .fine, let scratch else { continue }
            rows.quantized.quantizeRemainder(
                of: rows.row(row), row: row, into: workspace.rowCount + row, scratch: scratch + row * rows.width,
                with: kernels)
        }
    }

    /// This thread's share of the matrix's rows, for all rows of the microbatch: output `[rows, stride]`, after it the
    /// product with the remainders where the precision is fine and the weights are integers.
    func multiply(
        _ matrix: PackedMatrix, _ input: Rows, _ precision: Precision, into output: UnsafeMutablePointer<Float>,
        stride: Int, _ worker: borrowing Worker
    ) {
        let groups = worker.share(of: matrix.groupCount)
        if matrix.type.isQuantized {
            let rowCount = precision == .fine ? 2 * workspace.rowCount : workspace.rowCount
            kernels.multiply(
                matrix, groups: groups, by: input.quantized, tokens: 0..<rowCount, into: output, outputStride: stride)
        } else {
            kernels.multiply(
                matrix, groups: groups, by: input.floats, stride: input.width, tokens: workspace.rowCount,
                into: output, outputStride: stride)
        }
    }

    /// Adds the remainder's product to that of `row`, where `matrix` made one.
    func addRemainder(of matrix: PackedMatrix, to output: UnsafeMutablePointer<Float>, row: Int, width: Int) {
        guard matrix.type.isQuantized else { return }
        kernels.add(output + (workspace.rowCount + row) * width, to: output + row * width, count: width)
    }
}
