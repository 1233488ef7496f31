import Kernels

/// Which rows need more than one int8 for some of their columns, as one worker sees it.
///
/// Of some tokens, mostly the first of a text, a few elements of the hidden states grow until they are nearly all of the row:
/// massive activations (Sun et al. 2024, arXiv:2402.17762). Later layers take them away again by one product that is as large.
/// Beside such an element the others of its block are rounded to a few steps, and what is left of it once it is taken
/// away is an error as large as they are. Of these rows the blocks that reach far are multiplied again with what quantizing left of
/// them. What decides is the row alone, so its bits depend neither on those beside it nor on who computes it.
struct Outliers {
    /// More of a row's sum of squares than this in one element, or in one block's largest, makes it concentrated.
    static let shareOfRow: Float = 0.7
    /// A block of a concentrated row is multiplied again where its largest has more of the sum of them than this.
    static let shareOfBlock: Float = 0.1

    /// For each row whether the hidden states before the norm were concentrated.
    let concentrated: UnsafeMutablePointer<Bool>
    /// How far each block of 32 columns reaches, `[rows, width / 32]`, for rows that may be concentrated by themselves; nil:
    /// hidden states alone decide.
    var reaches: UnsafeMutablePointer<Float>?
    /// The worker's own: how far the blocks of one row reach, and room for one unit of it.
    let rowReaches: UnsafeMutablePointer<Float>
    let room: UnitRoom
}

extension Stage {
    /// Adds the products with the remainders of outliers to the columns `groups` of a product.
    func addOutliers(
        _ matrix: LayerMatrix, _ input: Rows, _ groups: Range<Int>, into output: UnsafeMutablePointer<Float>,
        stride: Int
    ) {
        guard let outliers = input.outliers else { return }
        let blockCount = input.width / 32
        for row in 0..<workspace.rowCount {
            guard outliers.concentrated[row] || isConcentrated(row, outliers, blockCount) else { continue }
            let reaches = outliers.rowReaches
            kernels.reaches(
                of: input.quantized!, row: input.first + row, columns: 0..<input.width, into: reaches)
            let least = kernels.squares(reaches, count: blockCount).sum * Outliers.shareOfBlock
            let blocksPerUnit = matrix.packed.unitColumns / 32
            for unit in 0..<blockCount / blocksPerUnit {
                let blocks = unit * blocksPerUnit..<(unit + 1) * blocksPerUnit
                guard blocks.contains(where: { reaches[$0] * reaches[$0] > least }) else { continue }
                kernels.addRemainder(
                    of: input.row(row), row: input.first + row, in: input.quantized!, unit: unit, times: matrix.packed,
                    groups: groups, to: output + row * stride, room: outliers.room)
            }
        }
    }

    /// Whether one block of the row itself has nearly all of it.
    private func isConcentrated(_ row: Int, _ outliers: Outliers, _ blockCount: Int) -> Bool {
        guard let reaches = outliers.reaches else { return false }
        let squares = kernels.squares(reaches + row * blockCount, count: blockCount)
        return squares.largest > squares.sum * Outliers.shareOfRow
    }
}
