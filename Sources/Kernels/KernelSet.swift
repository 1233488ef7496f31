import CKernels

/// The kernels of one instruction set.
///
/// Nothing here allocates or starts threads; a team of threads calls these on disjoint row groups, rows or heads.
/// Matrices of floats are row-major, strides count elements.
public struct KernelSet: @unchecked Sendable {
    public let instructionSet: InstructionSet
    let table: UnsafePointer<sk_kernels>

    /// The kernels of `instructionSet`, which must be one of ``InstructionSet/available``.
    public init(_ instructionSet: InstructionSet) {
        guard let table = instructionSet.table else {
            preconditionFailure("\(instructionSet) is not available here; choose through InstructionSet.named")
        }
        self.instructionSet = instructionSet
        self.table = table
    }

    /// `output[t * outputStride + row] = sum over columns of matrix[row][column] * x[t][column]` for integer weights, for the
    /// rows of `groups` and the first `tokens` rows of `activations` from `firstToken`.
    ///
    /// - Precondition: the matrix is quantized and the activations have its number of columns.
    @inline(__always)
    public func multiply(
        _ matrix: borrowing PackedMatrix, groups: Range<Int>, by activations: borrowing Activations, tokens: Range<Int>,
        into output: UnsafeMutablePointer<Float>, outputStride: Int
    ) {
        assert(matrix.type.isQuantized && activations.columns == matrix.columns)
        assert(tokens.upperBound <= activations.rows)
        guard !groups.isEmpty, !tokens.isEmpty else { return }
        withUnsafePointer(to: matrix.view) { view in
            var rows = activations.view
            rows.quants += tokens.lowerBound * rows.quant_stride
            rows.blocks += tokens.lowerBound * rows.block_stride
            withUnsafePointer(to: rows) {
                table.pointee.multiply(
                    view, groups.lowerBound, groups.count, $0, tokens.count, output, outputStride)
            }
        }
    }

    /// The same for a matrix of plain floats (F32, F16, BF16) and `tokens` rows of FP32 activations at `x`.
    @inline(__always)
    public func multiply(
        _ matrix: borrowing PackedMatrix, groups: Range<Int>, by x: UnsafePointer<Float>, stride: Int, tokens: Int,
        into output: UnsafeMutablePointer<Float>, outputStride: Int
    ) {
        assert(!matrix.type.isQuantized)
        guard !groups.isEmpty, tokens > 0 else { return }
        withUnsafePointer(to: matrix.view) {
            table.pointee.multiply_floats(
                $0, groups.lowerBound, groups.count, x, stride, tokens, output, outputStride)
        }
    }

    /// `out = x / sqrt(mean(x^2) + epsilon) * weight`; `out` may be `x`. RMSNorm, arXiv:1910.07467.
    ///
    /// - Returns: the share of the largest element of `x` in its sum of squares; not a number where that is 0 or not finite.
    @inline(__always)
    @discardableResult
    public func rmsNorm(
        _ x: UnsafePointer<Float>, weight: UnsafePointer<Float>, count: Int, epsilon: Float,
        into out: UnsafeMutablePointer<Float>
    ) -> Float {
        table.pointee.rms_norm(x, weight, count, epsilon, out)
    }

    /// Rotates the first `2 * pairCount` elements of each head in place; `cosines` and `sines` hold one value a pair.
    /// RoPE, arXiv:2104.09864.
    @inline(__always)
    public func rotate(
        _ x: UnsafeMutablePointer<Float>, heads: Int, headStride: Int, cosines: UnsafePointer<Float>,
        sines: UnsafePointer<Float>, pairCount: Int, pairing: RotaryPairing
    ) {
        switch pairing {
        case .adjacent: table.pointee.rope_adjacent(x, heads, headStride, cosines, sines, pairCount)
        case .halves: table.pointee.rope_halves(x, heads, headStride, cosines, sines, pairCount)
        }
    }

    /// `out = silu(gate) * up`; `out` may be either. SwiGLU, arXiv:2002.05202.
    @inline(__always)
    public func swiglu(
        gate: UnsafePointer<Float>, up: UnsafePointer<Float>, count: Int, into out: UnsafeMutablePointer<Float>
    ) {
        table.pointee.swiglu(gate, up, count, out)
    }

    /// `x += y`
    @inline(__always)
    public func add(_ y: UnsafePointer<Float>, to x: UnsafeMutablePointer<Float>, count: Int) {
        table.pointee.add(x, y, count)
    }

    /// `out[i] = exp(x[i])` to a relative error of 2e-7; 0 below -87.3, arguments clamped at 88.
    public func exponentials(_ x: UnsafePointer<Float>, count: Int, into out: UnsafeMutablePointer<Float>) {
        table.pointee.exponentials(x, count, out)
    }
}
