import Kernels
import ModelFiles

/// The steps that attention and feed-forward share. Each worker does its part.
extension Stage {
    /// RMSNorm, quantized with `precision` for integer weights; all rows are there for all workers when it returns.
    ///
    /// A single row every worker makes for itself, which takes as long as one worker and spares them a meeting.
    func normalize(
        _ x: Rows, _ weight: [Float], _ precision: ActivationPrecision?, into quantized: Activations,
        _ worker: borrowing Worker
    ) -> Rows {
        let width = configuration.hiddenSize
        let count = workspace.rowCount
        let place = count > 1 ? 0 : workspace.ownRow(of: worker)
        let normed = Rows(
            workspace.normed + place * width, width: width, quantized, first: (precision?.rowsPerRow ?? 1) * place,
            workspace.outliers(from: place, of: worker))
        for row in count > 1 ? rows(of: worker) : 0..<count {
            let largestShare = kernels.rmsNorm(
                x.row(row), weight: weight, count: width, epsilon: configuration.rmsNormEpsilon, into: normed.row(row))
            normed.outliers?.concentrated[row] = largestShare > Outliers.shareOfRow
            guard let precision else { continue }
            quantized.quantize(normed.row(row), row: normed.first + row, with: kernels)
            guard precision.hasRemainder else { continue }
            quantized.quantizeRemainder(
                of: normed.row(row), row: normed.first + row, into: normed.first + count + row,
                scratch: workspace.update + (place + row) * width, with: kernels)
        }
        if count > 1 { worker.meet() }
        return normed
    }

    /// The product's columns `columns`, which begin a row group, for all rows of the microbatch: output `[rows, stride]`, after
    /// it the product with the remainders where the precision has them. ``finish(_:_:row:_:stride:)`` is to follow.
    func multiply(
        _ matrix: LayerMatrix, _ input: Rows, _ columns: Range<Int>, into output: UnsafeMutablePointer<Float>,
        stride: Int
    ) {
        let size = PackedMatrix.groupRows
        let groups = columns.lowerBound / size..<(columns.upperBound + size - 1) / size
        if matrix.isQuantized {
            kernels.multiply(
                matrix.packed, groups: groups, by: input.quantized!,
                tokens: input.first..<input.first + matrix.productsPerRow * workspace.rowCount,
                into: output, outputStride: stride)
            if matrix.productsPerRow == 1 { addOutliers(matrix, input, groups, into: output, stride: stride) }
        } else {
            kernels.multiply(
                matrix.packed, groups: groups, by: input.floats, stride: input.width, tokens: workspace.rowCount,
                into: output, outputStride: stride)
        }
    }

    /// Adds the product with the remainder, and the bias, where there are such, to some columns of a row of a product.
    func finish(
        _ matrix: LayerMatrix, _ output: UnsafeMutablePointer<Float>, row: Int, _ columns: Range<Int>, stride: Int
    ) {
        let sum = output + row * stride + columns.lowerBound
        if matrix.productsPerRow > 1 { kernels.add(sum + workspace.rowCount * stride, to: sum, count: columns.count) }
        matrix.bias?.withUnsafeBufferPointer {
            kernels.add($0.baseAddress! + columns.lowerBound, to: sum, count: columns.count)
        }
    }

    /// x += matrix · input + bias, for this worker's columns of all rows.
    ///
    /// - Parameter layer: the layer that ends here, where `x` must be finite.
    func addProduct(
        _ matrix: LayerMatrix, _ input: Rows, to x: Rows, noting layer: Int? = nil, _ worker: borrowing Worker
    ) {
        let columns = columns(of: matrix, worker)
        guard !columns.isEmpty else { return }
        multiply(matrix, input, columns, into: workspace.update, stride: x.width)
        for row in 0..<workspace.rowCount {
            finish(matrix, workspace.update, row: row, columns, stride: x.width)
            let sum = x.row(row) + columns.lowerBound
            kernels.add(workspace.update + row * x.width + columns.lowerBound, to: sum, count: columns.count)
            if let layer, !isFinite(sum, count: columns.count) { workspace.noteFailure(in: layer, by: worker) }
        }
    }

    /// This worker's rows in steps that take whole rows.
    @inline(__always)
    func rows(of worker: borrowing Worker) -> Range<Int> { worker.share(of: workspace.rowCount) }

    /// This worker's columns of a product.
    @inline(__always)
    func columns(of matrix: LayerMatrix, _ worker: borrowing Worker) -> Range<Int> {
        matrix.columns(inShares: worker.share(of: matrix.shareCount))
    }
}

/// Whether none of `count` values is infinite or not a number: no exponent has all its bits set.
private func isFinite(_ values: UnsafePointer<Float>, count: Int) -> Bool {
    let exponentMask: UInt32 = 0x7F80_0000
    var largest: UInt32 = 0
    for index in 0..<count { largest = max(largest, values[index].bitPattern & exponentMask) }
    return largest < exponentMask
}
