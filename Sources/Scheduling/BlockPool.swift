/// Who holds which block of the KV cache. A block that nobody holds keeps its contents until it is taken again.
///
/// Free blocks wait in a queue: those without known contents in front, the least recently used next. All in O(1).
struct BlockPool {
    /// How many sequences hold each block.
    private(set) var holders: [Int32]
    private(set) var freeCount: Int
    /// The queue of free blocks, a ring of links closed by the entry `count`.
    private var next: [Int32]
    private var previous: [Int32]

    private var end: Int { holders.count }

    init(count: Int) {
        holders = Array(repeating: 0, count: count)
        freeCount = count
        next = (0...count).map { Int32($0 == count ? 0 : $0 + 1) }
        previous = (0...count).map { Int32($0 == 0 ? count : $0 - 1) }
    }

    /// The free block whose turn it is to be used, taken out of the queue and held once; nil when all are held.
    mutating func take() -> Int32? {
        guard freeCount > 0 else { return nil }
        let block = next[end]
        hold(block)
        return block
    }

    /// Adds a holder.
    mutating func hold(_ block: Int32) {
        if holders[Int(block)] == 0 { unlink(Int(block)) }
        holders[Int(block)] += 1
    }

    /// Takes a holder away; a block without any waits to be used again.
    ///
    /// - Parameter isWorthKeeping: Whether its contents may be wanted again, so that others are used first.
    mutating func release(_ block: Int32, isWorthKeeping: Bool) {
        let index = Int(block)
        precondition(holders[index] > 0, "a block is released once for each holder")
        holders[index] -= 1
        guard holders[index] == 0 else { return }
        if isWorthKeeping { link(index, after: Int(previous[end])) } else { link(index, after: end) }
    }

    private mutating func link(_ index: Int, after other: Int) {
        let following = Int(next[other])
        next[index] = Int32(following)
        previous[index] = Int32(other)
        next[other] = Int32(index)
        previous[following] = Int32(index)
        freeCount += 1
    }

    private mutating func unlink(_ index: Int) {
        next[Int(previous[index])] = next[index]
        previous[Int(next[index])] = previous[index]
        freeCount -= 1
    }
}
