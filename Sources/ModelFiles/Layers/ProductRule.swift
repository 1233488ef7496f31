/// How rows are multiplied with a matrix.
public struct ProductRule: Sendable {
    public let precision: ActivationPrecision
    /// How its rows, which are the product's columns, are shared out.
    public let split: RowSplit
}
