import Kernels
import Microbatches
import Tensors

/// How a stage's threads share the attention of one microbatch; the same in every layer.
///
/// An item is a tile of rows times the query heads of one KV head, over the blocks of 64 positions that the rows see. Items
/// stand in a line, each as long as its blocks take, and every thread gets an equal part of the line. Where a part ends inside
/// an item, the thread with the item's first blocks folds them, all others keep a partial for each block, and after a
/// barrier these are folded too. The fold's order is that of the blocks, so no bit depends on the cuts.
final class AttentionPlan: @unchecked Sendable {
    struct Item {
        var span: Int
        /// Rows of the microbatch.
        var rows: Range<Int>
        var firstPosition: Int
        var kvHead: Int
        var blocks: Range<Int>
    }

    /// Consecutive blocks of an item, for one thread.
    struct Piece {
        var item: Item
        var blocks: Range<Int>
        /// Where a set of partials, or one for each block, goes; nil: the piece is the whole item.
        var partials: UnsafeMutablePointer<Float>?

        /// Whether the item's first blocks are in it, which can be folded at once.
        var isFirst: Bool { blocks.lowerBound == item.blocks.lowerBound }
    }

    /// An item in pieces, with its sets of partials in the order of the fold.
    struct Cut {
        var item: Item
        var partials: UnsafeMutablePointer<Float>
        var setCount: Int
    }

    private(set) var cuts: [Cut] = []
    private var pieces: [Piece] = []
    /// Where the pieces of each thread end.
    private var ends: [Int]

    private let kvHeadCount: Int
    private let queriesPerKVHead: Int
    private let partialStride: Int
    /// How many positions a row sees; nil: all before it.
    private let window: Int?
    private let memory: AlignedMemory
    private var used = 0

    /// Rows that go through the cache together: enough to reuse a block while it is in the core's cache.
    static let largestTile = 8
    /// What reading a block costs, in units of one query's arithmetic.
    private static let readCost = 2

    /// - Parameter blockCount: the most blocks of a sequence.
    init(
        kvHeadCount: Int, queriesPerKVHead: Int, layout: KVBlockLayout, blockCount: Int, window: Int? = nil,
        rowCapacity: Int, threadCount: Int
    ) throws(MemoryError) {
        self.kvHeadCount = kvHeadCount
        self.queriesPerKVHead = queriesPerKVHead
        partialStride = layout.partialStride
        self.window = window
        ends = Array(repeating: 0, count: threadCount)
        // Every cut of a single row finds room; one of a larger tile only while its context is shorter.
        let floatCount = (threadCount - 1) * blockCount * queriesPerKVHead * partialStride
        memory = try AlignedMemory(byteCount: max(1, floatCount) * MemoryLayout<Float>.stride)
        pieces.reserveCapacity(rowCapacity * kvHeadCount + threadCount)
        cuts.reserveCapacity(threadCount)
    }

    /// The pieces of a worker, in the order in which it takes them.
    func pieces(of worker: borrowing Worker) -> ArraySlice<Piece> { pieces(of: worker.index) }

    func pieces(of thread: Int) -> ArraySlice<Piece> { pieces[(thread == 0 ? 0 : ends[thread - 1])..<ends[thread]] }

    /// Shares a microbatch.
    func share(_ spans: Spans) {
        pieces.removeAll(keepingCapacity: true)
        cuts.removeAll(keepingCapacity: true)
        used = 0
        let tileRows = min(max(spans.rowCount * kvHeadCount / (4 * ends.count), 1), Self.largestTile)
        var total = 0
        forEachItem(spans, tileRows) { total += cost($0) }
        var line = 0
        var thread = 0
        forEachItem(spans, tileRows) { item in
            place(item, at: line, of: total, &thread)
            line += cost(item)
        }
        while thread < ends.count { finishThread(&thread) }
    }

    /// Items of a KV head stand together: its blocks are then still in a core's cache.
    private func forEachItem(_ spans: Spans, _ tileRows: Int, _ body: (Item) -> Void) {
        var firstRow = 0
        for (index, span) in spans.enumerated() {
            let count = Int(span.count)
            for kvHead in 0..<kvHeadCount {
                for row in stride(from: 0, to: count, by: tileRows) {
                    let position = Int(span.firstPosition) + row
                    let rowCount = min(tileRows, count - row)
                    body(
                        Item(
                            span: index, rows: firstRow + row..<firstRow + row + rowCount, firstPosition: position,
                            kvHead: kvHead, blocks: visibleBlocks(from: position, rowCount: rowCount)))
                }
            }
            firstRow += count
        }
    }

    /// The blocks that any of some consecutive rows sees.
    private func visibleBlocks(from position: Int, rowCount: Int) -> Range<Int> {
        let first = window.map { max(0, position + 1 - $0) } ?? 0
        return first / KVBlockLayout.positionCount..<(position + rowCount - 1) / KVBlockLayout.positionCount + 1
    }

    private func cost(_ item: Item) -> Int { item.blocks.count * blockCost(item) }
    private func blockCost(_ item: Item) -> Int { Self.readCost + item.rows.count * queriesPerKVHead }

    /// Gives an item that begins at `line` to the thread whose turn it is and, where that one's part ends, to the next ones.
    private func place(_ item: Item, at line: Int, of total: Int, _ thread: inout Int) {
        var cut: Cut?
        var first = item.blocks.lowerBound
        while first < item.blocks.upperBound {
            let end = total * (thread + 1) / ends.count - line
            let reach = item.blocks.lowerBound + (end + blockCost(item) / 2) / blockCost(item)
            var last = min(reach, item.blocks.upperBound)
            if thread == ends.count - 1 { last = item.blocks.upperBound }
            if last > first, last < item.blocks.upperBound, cut == nil {
                let firstBlocks = last - item.blocks.lowerBound
                cut = reserve(item, firstBlocks: firstBlocks)
                if cut == nil {
                    last = 2 * firstBlocks < item.blocks.count ? item.blocks.lowerBound : item.blocks.upperBound
                }
            }
            if last > first {
                append(item, first..<last, &cut)
                first = last
            }
            if last < item.blocks.upperBound { finishThread(&thread) }
        }
        if let cut { cuts.append(cut) }
    }

    private func append(_ item: Item, _ blocks: Range<Int>, _ cut: inout Cut?) {
        let place = cut.map { $0.partials + $0.setCount * setSize(item) }
        pieces.append(Piece(item: item, blocks: blocks, partials: place))
        cut?.setCount += blocks.lowerBound == item.blocks.lowerBound ? 1 : blocks.count
    }

    private func finishThread(_ thread: inout Int) {
        ends[thread] = pieces.count
        thread += 1
    }

    /// Memory for the partials of an item whose first piece has so many blocks; nil: there is too little.
    private func reserve(_ item: Item, firstBlocks: Int) -> Cut? {
        let needed = (item.blocks.count - firstBlocks + 1) * setSize(item)
        let start = memory.start.assumingMemoryBound(to: Float.self) + used
        guard used + needed <= memory.bytes.count / MemoryLayout<Float>.stride else { return nil }
        used += needed
        return Cut(item: item, partials: start, setCount: 0)
    }

    private func setSize(_ item: Item) -> Int { item.rows.count * queriesPerKVHead * partialStride }
}
