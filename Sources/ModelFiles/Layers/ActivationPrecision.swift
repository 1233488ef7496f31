/// How finely activations meet integer weights: as int8 with a scale for some columns, and maybe once more.
///
/// It belongs to the weight's role and never to the batch, the phase or the machine, or bits would depend on them.
public struct ActivationPrecision: Sendable, Hashable {
    /// Columns that share a scale: 32, or 16, which halves the error for about a sixth more time of prefill.
    public let scaleColumns: Int
    /// Whether what the first quantization left is quantized too, as a second row, and both products are added: 15 bits.
    ///
    /// It costs prefill a second pass and decode, which waits for memory, nothing. It goes where errors are made that
    /// stay: keys and values, which the cache keeps; and the output head.
    public let hasRemainder: Bool

    public static let plain = ActivationPrecision(scaleColumns: 32, hasRemainder: false)
    public static let halves = ActivationPrecision(scaleColumns: 16, hasRemainder: false)
    public static let remainders = ActivationPrecision(scaleColumns: 32, hasRemainder: true)
    public static let halvesAndRemainders = ActivationPrecision(scaleColumns: 16, hasRemainder: true)

    /// Rows of int8 for a row of floats.
    public var rowsPerRow: Int { hasRemainder ? 2 : 1 }

    /// The precision of rows that several matrices are multiplied with: fine enough for each.
    ///
    /// - Precondition: All have the same scales.
    public static func shared(by roles: [WeightRole]) -> ActivationPrecision {
        let all = roles.map { $0.rule.product!.precision }
        precondition(all.allSatisfy { $0.scaleColumns == all[0].scaleColumns }, "rows have one kind of scales")
        return ActivationPrecision(
            scaleColumns: all[0].scaleColumns, hasRemainder: all.contains { $0.hasRemainder })
    }
}
