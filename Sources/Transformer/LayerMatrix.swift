import Kernels
import ModelFiles

/// A matrix packed for the kernels, and what its role says of how rows are multiplied with it.
struct LayerMatrix {
    let packed: PackedMatrix
    /// Added to each row of the product, `[rows]`; nil where the family has none.
    let bias: [Float]?
    let precision: ActivationPrecision
    /// Rows of the smallest share of the work.
    let rowsPerShare: Int

    init(_ packed: PackedMatrix, _ role: WeightRole, _ configuration: ModelConfiguration, bias: [Float]? = nil) {
        self.packed = packed
        self.bias = bias
        precision = role.rule.product!.precision
        rowsPerShare = role.rule.rowsPerShare(configuration)
        precondition(rowsPerShare % PackedMatrix.groupRows == 0, "a share is whole groups of rows")
    }

    var rows: Int { packed.rows }
    var columns: Int { packed.columns }
    var isQuantized: Bool { packed.type.isQuantized }

    /// Rows of the product for a row of the input: a second one for the remainder.
    var productsPerRow: Int { isQuantized ? precision.rowsPerRow : 1 }

    var shareCount: Int { (rows + rowsPerShare - 1) / rowsPerShare }

    /// The product's columns in some shares; the last share may be smaller.
    func columns(inShares shares: Range<Int>) -> Range<Int> {
        min(shares.lowerBound * rowsPerShare, rows)..<min(shares.upperBound * rowsPerShare, rows)
    }
}
