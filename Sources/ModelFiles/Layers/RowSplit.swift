/// How a matrix's rows are shared out: between threads today. A product is split by its columns, which are the matrix's rows,
/// and never by its inputs, so no sum is ever put together from parts.
public enum RowSplit: Sendable {
    /// By whole heads, as many as fill whole blocks.
    case heads
    /// By blocks of 32, which the rows that come of it are quantized by.
    case blocks
    /// By the 16 rows that lie side by side in memory.
    case groups
}

extension WeightRule {
    /// Rows of the smallest share.
    ///
    /// - Precondition: It is a matrix that rows are multiplied with.
    public func rowsPerShare(_ configuration: ModelConfiguration) -> Int {
        switch product!.split {
        case .groups: return 16
        case .blocks: return 32
        case .heads:
            let head = rows!.headSize(configuration)!
            return (1...32).lazy.map { $0 * head }.first { $0 % 32 == 0 }!
        }
    }
}
