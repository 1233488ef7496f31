/// The order in which a matrix's rows are written.
enum RowOrder: Equatable {
    case same
    /// Hugging Face pairs row i of a head with row i + rotated / 2; here the two become neighbours.
    case neighbours(headDim: Int, rotated: Int)

    /// The row of the source that becomes `row`.
    func source(of row: Int) -> Int {
        guard case .neighbours(let headDim, let rotated) = self else { return row }
        let place = row % headDim
        guard place < rotated else { return row }
        return row - place + place % 2 * (rotated / 2) + place / 2
    }
}
