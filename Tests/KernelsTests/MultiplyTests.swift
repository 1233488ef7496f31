import Tensors
import TestSupport
import Testing

@testable import Kernels

@Suite struct MultiplyTests {
    static let rowCounts = [1, 16, 37, 85]
    static let tokenCounts = [1, 2, 3, 5, 8, 19, 24, 67]

    @Test(arguments: ElementType.allCases, [32, 16]) func agreesWithDoubles(_ type: ElementType, scaleColumns: Int)
        throws
    {
        let problem = try Problem(type, rows: 37, columns: 512, tokens: 3, seed: 1, scaleColumns: scaleColumns)
        let result = try problem.multiply(.portable)
        let weights = (0..<37).map { dequantize(type, problem.rowBytes($0)) }
        for token in 0..<3 {
            // What integer weights meet are activations to within half a step of their block.
            let x = problem.x[token * 512..<(token + 1) * 512].map(Double.init)
            for row in 0..<37 {
                let exact = zip(weights[row], x).reduce(0) { $0 + $1.0 * $1.1 }
                let size = zip(weights[row], x).reduce(0) { $0 + abs($1.0 * $1.1) }
                let tolerance = size * (type.isQuantized ? 2e-3 : 1e-6)
                #expect(abs(Double(result[token * 37 + row]) - exact) < tolerance)
            }
        }
    }

    @Test(arguments: ElementType.allCases) func unpacksWhatTheFileStands(for type: ElementType) throws {
        let problem = try Problem(type, rows: 18, columns: 512, tokens: 1, seed: 2)
        var row = [Float](repeating: 0, count: 512)
        for index in 0..<18 {
            problem.matrix.unpack(row: index, into: &row)
            let expected = dequantize(type, problem.rowBytes(index))
            for (a, b) in zip(row, expected) { #expect(abs(Double(a) - b) <= 1e-6 * max(1, abs(b))) }
        }
    }

    @Test(arguments: ElementType.allCases, [32, 16]) func allSetsAgree(on type: ElementType, scaleColumns: Int) throws {
        for columns in type.testColumns {
            for rows in Self.rowCounts {
                let problem = try Problem(
                    type, rows: rows, columns: columns, tokens: 19, seed: columns + rows, scaleColumns: scaleColumns)
                let expected = try problem.multiply(.portable)
                for set in InstructionSet.available where set != .portable {
                    let result = try problem.multiply(set)
                    #expect(result == expected, "\(set) \(rows) x \(columns)")
                }
            }
        }
    }

    @Test(arguments: ElementType.allCases, [32, 16]) func tokensAndGroupsDoNotMix(
        _ type: ElementType, scaleColumns: Int
    ) throws {
        let problem = try Problem(type, rows: 37, columns: 256, tokens: 19, seed: 3, scaleColumns: scaleColumns)
        for set in InstructionSet.available {
            let all = try problem.multiply(set)
            for count in Self.tokenCounts where count < 19 {
                #expect(try problem.multiply(set, tokensAtOnce: count) == all, "\(set) \(count) tokens at once")
            }
            #expect(try problem.multiply(set, groupsAtOnce: 1) == all, "\(set)")
        }
    }

    /// Enough rows, columns and tokens for more than one panel of each, with the largest quants there are.
    @Test(arguments: ElementType.allCases, [32, 16]) func setsAgreeOnManyTokens(
        _ type: ElementType, scaleColumns: Int
    ) throws {
        let problem = try Problem(
            type, rows: 277, columns: 1280, tokens: 75, seed: 6, scaleColumns: scaleColumns, withExtremes: true)
        let expected = try problem.multiply(.portable)
        for set in InstructionSet.available where set != .portable {
            #expect(try problem.multiply(set) == expected, "\(set)")
            #expect(try problem.multiply(set, tokensAtOnce: 33, groupsAtOnce: 2) == expected, "\(set)")
        }
    }

    /// With all units' remainders a product is nearly that with floats, however far one element reaches.
    @Test(arguments: ElementType.allCases.filter(\.isQuantized), [32, 16]) func remaindersOfUnits(
        _ type: ElementType, scaleColumns: Int
    ) throws {
        let problem = try Problem(
            type, rows: 37, columns: 512, tokens: 2, seed: 8, scaleColumns: scaleColumns, outlier: 300)
        let weights = (0..<37).map { dequantize(type, problem.rowBytes($0)) }
        let expected = try problem.multiplyPrecisely(.portable, token: 1, groups: 0..<3)
        for (row, result) in expected.enumerated() {
            let products = zip(weights[row], problem.x[512...]).map { $0 * Double($1) }
            #expect(abs(Double(result) - products.reduce(0, +)) < 5e-4 * products.reduce(0) { $0 + abs($1) })
        }
        for set in InstructionSet.available {
            #expect(try problem.multiplyPrecisely(set, token: 1, groups: 0..<3) == expected, "\(set)")
            let parts = try [0..<1, 1..<2, 2..<3].map { try problem.multiplyPrecisely(set, token: 1, groups: $0) }
            #expect((0..<37).map { parts[$0 / 16][$0] } == expected, "\(set)")
        }
    }

    @Test(arguments: [32, 16]) func quantizedActivationsAgree(scaleColumns: Int) throws {
        var random = FixedRandom(4)
        var x = random.floats(32 * 8, in: -3...3)
        x.replaceSubrange(0..<32, with: repeatElement(0, count: 32))
        x.replaceSubrange(32..<64, with: random.floats(32, in: -1e-31...1e-31))
        x.replaceSubrange(64..<96, with: (0..<32).map { Float($0) - 15.5 })
        x[64] = 127
        x.replaceSubrange(96..<128, with: random.floats(32, in: -1.5e38...1.5e38))
        let expected = try quantized(x, .portable, scaleColumns)
        #expect(expected[0..<64].allSatisfy { $0 == 0 })
        #expect(Array(expected[65..<69]) == [-14, -14, -12, -12])
        // 0.5 to 15.5 by a scale of their own, or by that of all 32.
        #expect(Array(expected[94..<96]) == (scaleColumns == 16 ? [119, 127] : [14, 16]))
        for set in InstructionSet.available { #expect(try quantized(x, set, scaleColumns) == expected, "\(set)") }
    }

    /// Quants, then the scales' bits, sums and offsets.
    private func quantized(_ x: [Float], _ set: InstructionSet, _ scaleColumns: Int) throws -> [Int] {
        let rows = try Activations(rowCapacity: 1, columnCapacity: x.count, scaleColumns: scaleColumns)
        rows.quantize(x, row: 0, with: KernelSet(set))
        let blocks = UnsafeBufferPointer(start: rows.view.blocks, count: x.count / 32)
        return UnsafeBufferPointer(start: rows.view.quants, count: x.count).map { Int($0) }
            + blocks.flatMap {
                [
                    Int($0.scales.0.bitPattern), Int($0.scales.1.bitPattern), Int($0.scaled_sum.bitPattern),
                    Int($0.offset), Int($0.half_offsets.0), Int($0.half_offsets.1),
                    Int($0.half_sums.0.bitPattern), Int($0.half_sums.1.bitPattern),
                ]
            }
    }

    @Test func matricesShareMemory() throws {
        var random = FixedRandom(5)
        let first = randomMatrix(.q4_0, rows: 20, columns: 64, using: &random)
        let second = randomMatrix(.q6_K, rows: 20, columns: 256, using: &random)
        let size = try PackedMatrix.byteCount(type: .q4_0, rows: 20, columns: 64)
        let memory = try AlignedMemory(
            byteCount: size + PackedMatrix.byteCount(type: .q6_K, rows: 20, columns: 256))
        let a = try PackedMatrix(type: .q4_0, rows: 20, columns: 64, memory: memory, offset: 0)
        let b = try PackedMatrix(type: .q6_K, rows: 20, columns: 256, memory: memory, offset: size)
        second.withUnsafeBytes { b.pack(groups: 0..<2, from: $0.baseAddress!) }
        first.withUnsafeBytes { bytes in
            for group in [1, 0] { a.pack(groups: group..<group + 1, from: bytes.baseAddress!) }
        }
        var row = [Float](repeating: 0, count: 256)
        b.unpack(row: 0, into: &row)
        #expect(row.map(Double.init).elementsEqual(dequantize(.q6_K, second[0..<210])) { abs($0 - $1) <= 1e-6 })
        a.unpack(row: 19, into: &row)
        #expect(row[..<64].map(Double.init).elementsEqual(dequantize(.q4_0, first[19 * 36..<20 * 36])))
    }

    @Test func refusesShapesThatCannotBe() {
        #expect(throws: PackedMatrixError.self) { try PackedMatrix(type: .q4_K, rows: 4, columns: 32) }
        #expect(throws: PackedMatrixError.self) { try PackedMatrix(type: .f32, rows: 1 << 50, columns: 32) }
        #expect(throws: PackedMatrixError.self) { try PackedMatrix(type: .f32, rows: 1 << 40, columns: 1 << 40) }
        #expect(throws: PackedMatrixError.self) { try PackedMatrix(type: .f32, rows: -1, columns: 32) }
        #expect(throws: PackedMatrixError.self) { try PackedMatrix(type: .f32, rows: 1 << 30, columns: 1 << 26) }
    }
}

/// A matrix, activations, and the product by any instruction set.
private struct Problem {
    let bytes: [UInt8]
    let x: [Float]
    let tokens: Int
    let scaleColumns: Int
    let matrix: PackedMatrix

    /// - Parameter withExtremes: every 16th token is all ones, and in every fourth block all quants of Q6_K are -32, all
    ///   quants and scales of Q3_K -4 and -32.
    /// - Parameter outlier: one element of each token.
    init(
        _ type: ElementType, rows: Int, columns: Int, tokens: Int, seed: Int, scaleColumns: Int = 32,
        withExtremes: Bool = false, outlier: Float? = nil
    ) throws {
        var random = FixedRandom(seed)
        var bytes = randomMatrix(type, rows: rows, columns: columns, using: &random)
        var x = random.floats(tokens * columns)
        if withExtremes {
            for token in stride(from: 0, to: tokens, by: 16) {
                x.replaceSubrange(token * columns..<(token + 1) * columns, with: repeatElement(1, count: columns))
            }
            let zeros = type == .q6_K ? 192 : type == .q3_K ? 108 : 0
            for block in stride(from: 0, to: bytes.count, by: 4 * type.blockByteCount) {
                bytes.replaceSubrange(block..<block + zeros, with: repeatElement(0, count: zeros))
            }
        }
        if let outlier { for token in 0..<tokens { x[token * columns + 37] = outlier } }
        self.bytes = bytes
        self.x = x
        self.tokens = tokens
        self.scaleColumns = scaleColumns
        matrix = try PackedMatrix(type: type, rows: rows, columns: columns)
        bytes.withUnsafeBytes { matrix.pack(groups: 0..<matrix.groupCount, from: $0.baseAddress!) }
    }

    func rowBytes(_ row: Int) -> ArraySlice<UInt8> {
        let count = matrix.type.byteCount(of: matrix.columns)
        return bytes[row * count..<(row + 1) * count]
    }

    /// [tokens, rows], checked not to touch what lies beyond.
    func multiply(_ set: InstructionSet, tokensAtOnce: Int = .max, groupsAtOnce: Int = .max) throws -> [Float] {
        let kernels = KernelSet(set)
        let rows = matrix.rows
        let stride = rows + 5
        var output = [Float](repeating: 12345, count: tokens * stride)
        let activations = try matrix.type.isQuantized ? quantized(kernels) : nil
        for token in Swift.stride(from: 0, to: tokens, by: min(tokens, tokensAtOnce)) {
            let count = min(tokensAtOnce, tokens - token)
            for group in Swift.stride(from: 0, to: matrix.groupCount, by: min(matrix.groupCount, groupsAtOnce)) {
                let groups = group..<min(matrix.groupCount, group + min(matrix.groupCount, groupsAtOnce))
                output.withUnsafeMutableBufferPointer { out in
                    let out = out.baseAddress! + token * stride
                    if let activations {
                        kernels.multiply(
                            matrix, groups: groups, by: activations, tokens: token..<token + count, into: out,
                            outputStride: stride)
                    } else {
                        x.withUnsafeBufferPointer {
                            kernels.multiply(
                                matrix, groups: groups, by: $0.baseAddress! + token * matrix.columns,
                                stride: matrix.columns, tokens: count, into: out, outputStride: stride)
                        }
                    }
                }
            }
        }
        for token in 0..<tokens {
            #expect(output[token * stride + rows..<(token + 1) * stride].allSatisfy { $0 == 12345 })
        }
        return (0..<tokens).flatMap { output[$0 * stride..<$0 * stride + rows] }
    }

    /// One token's product with some groups of rows, the remainders of all units added: [rows], 0 for those of other groups.
    func multiplyPrecisely(_ set: InstructionSet, token: Int, groups: Range<Int>) throws -> [Float] {
        let kernels = KernelSet(set)
        let memory = try AlignedMemory(byteCount: UnitRoom.byteCount)
        let activations = try quantized(kernels)
        var output = [Float](repeating: 0, count: matrix.rows)
        output.withUnsafeMutableBufferPointer { out in
            kernels.multiply(
                matrix, groups: groups, by: activations, tokens: token..<token + 1, into: out.baseAddress!,
                outputStride: matrix.rows)
            x.withUnsafeBufferPointer { x in
                for unit in 0..<matrix.columns / matrix.unitColumns {
                    withUnsafePointer(to: 0) { row in
                        kernels.addRemainders(
                            of: UnsafeBufferPointer(start: row, count: 1), x.baseAddress! + token * matrix.columns,
                            in: activations, firstRow: token, unit: unit, times: matrix, groups: groups,
                            to: out.baseAddress!, outputStride: matrix.rows, room: UnitRoom(memory.start))
                    }
                }
            }
        }
        return output
    }

    private func quantized(_ kernels: KernelSet) throws -> Activations {
        let activations = try Activations(
            rowCapacity: tokens, columnCapacity: matrix.columns, scaleColumns: scaleColumns)
        x.withUnsafeBufferPointer {
            for row in 0..<tokens {
                activations.quantize($0.baseAddress! + row * matrix.columns, row: row, with: kernels)
            }
        }
        return activations
    }
}

extension ElementType {
    fileprivate var testColumns: [Int] {
        switch blockLength {
        case 1: [1, 7, 64]
        case 32: [32, 96, 576]
        default: [256, 768]
        }
    }
}
