import Kernels

/// Rows of floats, and where they stand quantized for the integer weights that they are multiplied with.
struct Rows {
    let floats: UnsafeMutablePointer<Float>
    let width: Int
    /// nil for rows that no matrix is multiplied with.
    let quantized: Activations?
    /// Where the quantized rows begin.
    let first: Int
    /// Which of them have outliers; nil for rows that are not asked.
    let outliers: Outliers?

    init(
        _ floats: UnsafeMutablePointer<Float>, width: Int, _ quantized: Activations? = nil, first: Int = 0,
        _ outliers: Outliers? = nil
    ) {
        self.floats = floats
        self.width = width
        self.quantized = quantized
        self.first = first
        self.outliers = outliers
    }

    @inline(__always)
    func row(_ index: Int) -> UnsafeMutablePointer<Float> { floats + index * width }
}
