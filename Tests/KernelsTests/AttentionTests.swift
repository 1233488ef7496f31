import Glibc
import Tensors
import TestSupport
import Testing

@testable import Kernels

@Suite struct AttentionTests {
    struct Case: CustomTestStringConvertible {
        var element = ElementType.f16, headDim = 64, heads = 3, first = 0, tokens = 1
        var window: Int?

        /// What keys and values lose in the cache; for Q8_0 the reference has lost it too, and the queries' part remains.
        var tolerance: Double { element == .f32 ? 1e-5 : element == .f16 ? 2e-3 : 1e-2 }

        var testDescription: String {
            "\(element.name) \(headDim) heads \(heads) at \(first)+\(tokens) window \(window ?? 0)"
        }
    }

    static let cases = [
        Case(), Case(first: 63), Case(first: 64), Case(first: 200), Case(tokens: 5), Case(first: 60, tokens: 9),
        Case(first: 120, tokens: 70), Case(headDim: 128, heads: 4, first: 100, tokens: 2),
        Case(headDim: 7, heads: 1, first: 130, tokens: 3), Case(headDim: 40, heads: 9, first: 30),
        Case(element: .f32, first: 70, tokens: 4), Case(element: .f32, headDim: 1, heads: 2, first: 5, tokens: 2),
        Case(first: 190, tokens: 6, window: 50), Case(first: 0, tokens: 9, window: 3),
        Case(first: 126, tokens: 4, window: 64),
        Case(element: .q8_0), Case(element: .q8_0, first: 63), Case(element: .q8_0, first: 200),
        Case(element: .q8_0, first: 60, tokens: 9), Case(element: .q8_0, headDim: 128, heads: 4, first: 100, tokens: 2),
        Case(element: .q8_0, headDim: 7, heads: 1, first: 130, tokens: 3),
        Case(element: .q8_0, headDim: 40, heads: 9, first: 30), Case(element: .q8_0, headDim: 1, heads: 2, first: 5),
        Case(element: .q8_0, headDim: 80, first: 120, tokens: 70),
        Case(element: .q8_0, headDim: 100, first: 190, tokens: 6, window: 50),
        Case(element: .q8_0, first: 0, tokens: 9, window: 3),
        Case(element: .q8_0, headDim: 96, heads: 1, first: 126, tokens: 4, window: 64),
    ]

    @Test(arguments: cases) func agreesWithDoubles(_ shape: Case) throws {
        let cache = try Cache(shape, garbage: .nan)
        let out = cache.attend(.portable)
        for query in 0..<shape.tokens * shape.heads {
            let expected = cache.exact(token: query / shape.heads, head: query % shape.heads)
            for d in 0..<shape.headDim {
                #expect(abs(Double(out[query * shape.headDim + d]) - expected[d]) < shape.tolerance)
            }
        }
    }

    @Test(arguments: cases) func allSetsAgree(_ shape: Case) throws {
        let cache = try Cache(shape, garbage: .nan)
        let other = try Cache(shape, garbage: -.infinity)
        let expected = cache.attend(.portable).map(\.bitPattern)
        for set in InstructionSet.available {
            #expect(cache.attend(set).map(\.bitPattern) == expected, "\(set)")
            #expect(other.attend(set).map(\.bitPattern) == expected, "\(set), other garbage")
            #expect(cache.attend(set, tokensAtOnce: 1).map(\.bitPattern) == expected, "\(set), one token at a time")
            for length in 1...2 {
                let runs = cache.attendByRuns(set, of: length)
                #expect(runs.map(\.bitPattern) == expected, "\(set), runs of \(length)")
            }
        }
    }

    @Test func quantizedStoresAgree() throws {
        for headDim in [1, 7, 32, 40, 64, 100] {
            let layout = KVBlockLayout(element: .q8_0, headDim: headDim)
            #expect(layout.byteCount == 64 * 2 * 34 * ((headDim + 31) / 32))
            var random = FixedRandom(headDim)
            let special: [[Float]] = [
                [], [1e9, -.infinity, 3], [1e-31, -1e-32], [1e-9, 2e-9, -3e-9], [0, -0.0], [.greatestFiniteMagnitude],
            ]
            var expected: [UInt8]?
            let rows = special.map { start in
                Array((start + random.floats(headDim, in: start.isEmpty ? -1...1 : 0...0)).prefix(headDim))
            }
            for set in InstructionSet.available {
                let memory = try AlignedMemory(byteCount: layout.byteCount)
                let blocks = KVBlocks(start: memory.start, stride: layout.byteCount)
                for (position, x) in rows.enumerated() {
                    KernelSet(set).store(key: x, position: 11 * position, in: blocks, layout: layout)
                    KernelSet(set).store(value: x, position: 11 * position, in: blocks, layout: layout)
                }
                expected = expected ?? Array(memory.bytes)
                #expect(Array(memory.bytes) == expected, "\(set) \(headDim)")
            }
        }
    }

    @Test(arguments: InstructionSet.available) func halvesAreRoundedAndClamped(_ set: InstructionSet) throws {
        let layout = KVBlockLayout(element: .f16, headDim: 20)
        let memory = try AlignedMemory(byteCount: layout.byteCount)
        let blocks = KVBlocks(start: memory.start, stride: layout.byteCount)
        var x: [Float] = [1e9, -.infinity, 65504, 65519.9, -65520, 1, 1.00048828125, 1.00146484375, 0, -0.0]
        x += [
            5.9604645e-8, 2.9802322e-8, 2.9802326e-8, 8.9406967e-8, 6.1e-5, -6.0975552e-5, 1e-10, 0.1,
            -.leastNonzeroMagnitude, 3,
        ]
        KernelSet(set).store(key: x, position: 5, in: blocks, layout: layout)
        KernelSet(set).store(value: x, position: 5, in: blocks, layout: layout)
        let keys = memory.start.assumingMemoryBound(to: UInt16.self)
        let values = (memory.start + layout.valueOffset).assumingMemoryBound(to: UInt16.self)
        for i in 0..<20 {
            let expected = Float16(max(-65504, min(65504, x[i]))).bitPattern
            #expect(keys[i * 64 + 5] == expected && values[5 * 32 + i] == expected, "\(x[i])")
        }
        #expect((20..<32).allSatisfy { values[5 * 32 + $0] == 0 })
    }
}

/// A cache of one KV head whose unwritten positions hold garbage, and queries on it.
private struct Cache {
    let shape: AttentionTests.Case
    let layout: KVBlockLayout
    let keys: [Float], values: [Float], queries: [Float]
    private let memory: AlignedMemory
    private let table: [Int32]

    init(_ shape: AttentionTests.Case, garbage: Float) throws {
        self.shape = shape
        layout = KVBlockLayout(element: shape.element, headDim: shape.headDim)
        let positions = shape.first + shape.tokens
        let blockCount = (positions + 63) / 64
        var random = FixedRandom(positions)
        let keys = random.floats(positions * shape.headDim)
        let values = random.floats(positions * shape.headDim)
        queries = random.floats(shape.tokens * shape.heads * shape.headDim)
        table = (0..<Int32(blockCount)).reversed()
        memory = try AlignedMemory(byteCount: blockCount * layout.byteCount)
        if shape.element == .f32 {
            memory.bytes.bindMemory(to: Float.self).update(repeating: garbage)
        } else {
            memory.bytes.bindMemory(to: UInt16.self).update(repeating: Float16(garbage).bitPattern)
        }
        self.keys = shape.element == .q8_0 ? keys.requantized(by: shape.headDim) : keys
        self.values = shape.element == .q8_0 ? values.requantized(by: shape.headDim) : values
        withBlocks { blocks in
            for position in 0..<positions {
                let at = position * shape.headDim
                keys.withUnsafeBufferPointer { keys in
                    values.withUnsafeBufferPointer { values in
                        KernelSet(.portable).store(
                            key: keys.baseAddress! + at, position: position, in: blocks, layout: layout)
                        KernelSet(.portable).store(
                            value: values.baseAddress! + at, position: position, in: blocks, layout: layout)
                    }
                }
            }
        }
    }

    private func withBlocks<Result>(_ body: (KVBlocks) -> Result) -> Result {
        table.withUnsafeBufferPointer {
            body(KVBlocks(start: memory.start, stride: layout.byteCount, table: $0.baseAddress!))
        }
    }

    private func tile(_ queries: UnsafePointer<Float>, from token: Int, count: Int) -> QueryTile {
        QueryTile(
            data: queries + token * shape.heads * shape.headDim, tokenStride: shape.heads * shape.headDim,
            headStride: shape.headDim, tokenCount: count, headCount: shape.heads, firstPosition: shape.first + token,
            window: shape.window, scale: 0.3)
    }

    func attend(_ set: InstructionSet, tokensAtOnce: Int = .max) -> [Float] {
        let width = shape.heads * shape.headDim
        var out = [Float](repeating: 0, count: shape.tokens * width)
        var scratch = [Float](repeating: .nan, count: layout.scratchFloatCount(queries: shape.tokens * shape.heads))
        withBlocks { blocks in
            for token in stride(from: 0, to: shape.tokens, by: min(tokensAtOnce, shape.tokens)) {
                let tile = tile(queries, from: token, count: min(tokensAtOnce, shape.tokens - token))
                out.withUnsafeMutableBufferPointer {
                    KernelSet(set).attend(
                        tile, over: blocks, layout: layout, scratch: &scratch, into: $0.baseAddress! + token * width,
                        outputTokenStride: width, outputHeadStride: shape.headDim)
                }
            }
        }
        return out
    }

    /// As threads do that split the blocks: runs of `runLength` in any order, the first one folded, then the fold of all.
    func attendByRuns(_ set: InstructionSet, of runLength: Int) -> [Float] {
        let kernels = KernelSet(set)
        let tile = tile(queries, from: 0, count: shape.tokens)
        let count = shape.tokens * shape.heads
        let size = count * layout.partialStride
        let visible = tile.visibleBlocks
        let runs = stride(from: visible.lowerBound, to: visible.upperBound, by: runLength).map {
            $0..<min($0 + runLength, visible.upperBound)
        }
        var out = [Float](repeating: 0, count: count * shape.headDim)
        var scratch = [Float](repeating: .nan, count: layout.scratchFloatCount(queries: count))
        var partials = [Float](repeating: .nan, count: (visible.count + 1) * size)
        partials.withUnsafeMutableBufferPointer {
            let partials = $0.baseAddress!
            withBlocks { blocks in
                for run in runs.reversed() {
                    guard run.lowerBound > visible.lowerBound else {
                        kernels.attendFolding(
                            tile, run: run, of: blocks, layout: layout, scratch: &scratch, into: partials)
                        continue
                    }
                    kernels.attendKeeping(
                        tile, run: run, of: blocks, layout: layout, scratch: &scratch,
                        into: partials + (run.lowerBound - visible.lowerBound) * size)
                }
            }
            for query in 0..<count {
                let partial = partials + query * layout.partialStride
                for block in visible.dropFirst(runLength) {
                    kernels.fold(partial + (block - visible.lowerBound) * size, into: partial, layout: layout)
                }
                out.withUnsafeMutableBufferPointer {
                    kernels.finish(partial, into: $0.baseAddress! + query * shape.headDim, layout: layout)
                }
            }
        }
        return out
    }

    /// Softmax attention in double over unrounded keys and values.
    func exact(token: Int, head: Int) -> [Double] {
        let n = shape.headDim
        let query = (token * shape.heads + head) * n
        let last = shape.first + token
        let visible = max(0, shape.window.map { last + 1 - $0 } ?? 0)...last
        let weights = visible.map { position in
            exp((0..<n).reduce(0.0) { $0 + Double(queries[query + $1]) * Double(keys[position * n + $1]) } * 0.3)
        }
        let sum = weights.reduce(0, +)
        return (0..<n).map { d in
            zip(visible, weights).reduce(0.0) { $0 + $1.1 * Double(values[$1.0 * n + d]) } / sum
        }
    }
}

extension [Float] {
    /// What a Q8_0 cache keeps of rows of `width` elements.
    fileprivate func requantized(by width: Int) -> [Float] {
        var result = self
        for row in stride(from: 0, to: count, by: width) {
            for start in stride(from: row, to: row + width, by: 32) {
                let block = start..<Swift.min(start + 32, row + width)
                let largest = self[block].map(\.magnitude).max() ?? 0
                let scale = Float(Float16(largest / 127))
                for i in block { result[i] = (self[i] * (127 / largest)).rounded(.toNearestOrEven) * scale }
            }
        }
        return result
    }
}
