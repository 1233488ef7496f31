import CKernels

/// What a core's multipliers can do at most: products and additions a second, on registers alone.
public struct ArithmeticPeak: Sendable {
    /// With bytes, summed up in 32 bits.
    public let integers: Double
    /// With single-precision floats.
    public let floats: Double

    public init(integers: Double, floats: Double) {
        self.integers = integers
        self.floats = floats
    }

    /// The rate of work that is `integers` operations of one kind and `floats` of the other, one after the other.
    public func rate(integers: Double, floats: Double) -> Double {
        let seconds = integers / self.integers + floats / self.floats
        return seconds > 0 ? (integers + floats) / seconds : 0
    }
}

extension KernelSet {
    /// Operations done in `rounds` rounds of products of bytes, some nanoseconds each.
    public func peakBytes(rounds: Int) -> Double { Double(table.pointee.peak_bytes(rounds)) }

    /// The same of floats.
    public func peakFloats(rounds: Int) -> Double { Double(table.pointee.peak_floats(rounds)) }
}
