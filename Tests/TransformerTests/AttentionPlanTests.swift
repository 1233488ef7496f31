import Kernels
import Microbatches
import Testing

@testable import Transformer

@Suite("An attention plan")
struct AttentionPlanTests {
    @Test("Plans, schedules and kernels mean the same blocks")
    func blocks() { #expect(KVCapacity.positionsPerBlock == KVBlockLayout.positionCount) }

    struct Case: CustomTestStringConvertible {
        var spans: [(first: Int, count: Int)]
        var kvHeads = 3
        var threads = 2

        var testDescription: String { "\(spans) with \(kvHeads) KV heads on \(threads) threads" }
        var rowCount: Int { spans.reduce(0) { $0 + $1.count } }
    }

    private static let queriesPerKVHead = 3

    static let cases = [
        Case(spans: [(0, 1)]), Case(spans: [(8000, 1)]), Case(spans: [(8000, 1)], kvHeads: 1, threads: 16),
        Case(spans: [(2000, 1)], threads: 1), Case(spans: [(500, 1)], kvHeads: 4, threads: 5),
        Case(spans: [(0, 512)]), Case(spans: [(7000, 512)], threads: 7), Case(spans: [(3000, 5)], threads: 16),
        Case(spans: (0..<64).map { (127 * $0, 1) }, threads: 4),
        Case(spans: [(5000, 1), (0, 100), (64, 1), (4000, 33)], kvHeads: 4, threads: 6),
    ]

    @Test("Threads together take each block of each item once", arguments: cases)
    func completeness(_ shape: Case) throws {
        let plan = try plan(shape)
        var units: [SIMD3<Int>] = []
        for piece in (0..<shape.threads).flatMap(plan.pieces) {
            #expect(!piece.blocks.isEmpty)
            #expect((piece.partials == nil) == (piece.blocks == piece.item.blocks))
            for row in piece.item.rows {
                units += piece.blocks.map { SIMD3(row, piece.item.kvHead, $0) }
            }
        }
        let found = Set(units)
        #expect(units.count == found.count)
        var row = 0
        for span in shape.spans {
            for position in span.first..<span.first + span.count {
                for head in 0..<shape.kvHeads {
                    let missing = (0...position / 64).filter { !found.contains(SIMD3(row, head, $0)) }
                    #expect(missing.isEmpty, "row \(row), head \(head)")
                }
                row += 1
            }
        }
    }

    @Test("No thread has much more than its part", arguments: cases)
    func balance(_ shape: Case) throws {
        let plan = try plan(shape)
        let parts = (0..<shape.threads).map { thread in
            plan.pieces(of: thread).reduce(0) {
                $0 + $1.blocks.count * (2 + $1.item.rows.count * Self.queriesPerKVHead)
            }
        }
        let even = parts.reduce(0, +) / shape.threads
        let largestBlock = 2 + min(8, shape.rowCount) * Self.queriesPerKVHead
        #expect(parts.max()! <= even + max(largestBlock, even / 8), "\(parts)")
    }

    @Test("Partials of different items and blocks lie apart", arguments: cases)
    func places(_ shape: Case) throws {
        let plan = try plan(shape)
        var taken: [Range<Int>] = []
        for piece in (0..<shape.threads).flatMap(plan.pieces) {
            guard let partials = piece.partials else { continue }
            let setSize = piece.item.rows.count * Self.queriesPerKVHead * Self.layout.partialStride * 4
            let start = Int(bitPattern: partials)
            taken.append(start..<start + setSize * (piece.isFirst ? 1 : piece.blocks.count))
        }
        taken.sort { $0.lowerBound < $1.lowerBound }
        for (one, next) in zip(taken, taken.dropFirst()) { #expect(one.upperBound <= next.lowerBound) }
        for cut in plan.cuts { #expect(cut.setCount > 1) }
    }

    private static let layout = KVBlockLayout(element: .f16, headDim: 64)

    private func plan(_ shape: Case) throws -> AttentionPlan {
        let plan = try AttentionPlan(
            kvHeadCount: shape.kvHeads, queriesPerKVHead: Self.queriesPerKVHead, layout: Self.layout,
            blockCount: 128, rowCapacity: shape.rowCount, threadCount: shape.threads)
        let spans = shape.spans.map { Span(slot: 0, firstPosition: $0.first, count: $0.count, logitRows: 1) }
        // Twice: the second must not remember the first.
        for _ in 0..<2 { spans.withUnsafeBufferPointer(plan.share) }
        return plan
    }
}
