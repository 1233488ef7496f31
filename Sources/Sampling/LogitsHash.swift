/// A 64-bit FNV-1a hash of raw logits, eight bytes a step: equal hashes of two runs say that every logit sampled from was
/// the same to the bit. (Fowler, Noll and Vo's function with words for bytes.)
public struct LogitsHash: Sendable, Equatable {
    private var state: UInt64 = 0xcbf2_9ce4_8422_2325

    public init() {}

    /// Takes one row of FP32 logits, before any penalty. Two logits make a word, the first in the low half; the last
    /// word of a row of odd length has zeros in its high half.
    public mutating func append(_ row: UnsafeBufferPointer<Float>) {
        var index = 0
        while index + 1 < row.count {
            absorb(UInt64(row[index].bitPattern) | UInt64(row[index + 1].bitPattern) << 32)
            index += 2
        }
        if index < row.count { absorb(UInt64(row[index].bitPattern)) }
    }

    private mutating func absorb(_ word: UInt64) {
        state = (state ^ word) &* 0x100_0000_01b3
    }

    /// The hash as 16 hexadecimal digits.
    public var hex: String {
        let digits = String(state, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
