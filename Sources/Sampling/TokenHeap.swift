import Tokenization

/// Token ids in a binary heap ordered by value, of equal values the lower id first. The order is total, so nothing
/// depends on how the heap is built.
struct TokenHeap: Sendable {
    private(set) var ids: [TokenID] = []

    init(vocabSize: Int) { ids.reserveCapacity(vocabSize) }

    /// Leaves the `count` highest of `values` in `ids`, in descending order. One pass with a heap of `count` ids.
    mutating func takeHighest(_ count: Int, of values: [Double]) {
        ids.removeAll(keepingCapacity: true)
        for id in 0..<min(count, values.count) { ids.append(TokenID(id)) }
        ids.withUnsafeMutableBufferPointer { ids in
            values.withUnsafeBufferPointer { values in
                let lowest = Order(values: values, highestFirst: false)
                lowest.build(ids)
                var bar = values[Int(ids[0])]
                // Ids ascend, so a later token of the same value never displaces one that is in.
                for id in ids.count..<values.count where values[id] > bar {
                    ids[0] = TokenID(id)
                    lowest.settle(0, in: ids)
                    bar = values[Int(ids[0])]
                }
                for end in stride(from: ids.count - 1, to: 0, by: -1) {
                    ids.swapAt(0, end)
                    lowest.settle(0, in: UnsafeMutableBufferPointer(rebasing: ids[..<end]))
                }
            }
        }
    }

    /// Makes a heap, highest first, of the ids whose value is in `range`.
    mutating func fill(from values: [Double], in range: Range<Double>) {
        ids.removeAll(keepingCapacity: true)
        for (id, value) in values.enumerated() where range.contains(value) { ids.append(TokenID(id)) }
        ids.withUnsafeMutableBufferPointer { ids in
            values.withUnsafeBufferPointer { Order(values: $0, highestFirst: true).build(ids) }
        }
    }

    /// Takes the highest id off a heap made by `fill`.
    mutating func popHighest(of values: [Double]) -> TokenID? {
        guard let top = ids.first, let last = ids.popLast() else { return nil }
        if ids.isEmpty { return top }
        ids.withUnsafeMutableBufferPointer { ids in
            ids[0] = last
            values.withUnsafeBufferPointer { Order(values: $0, highestFirst: true).settle(0, in: ids) }
        }
        return top
    }
}

/// The order of a heap of ids.
private struct Order {
    let values: UnsafeBufferPointer<Double>
    let highestFirst: Bool

    private func isAbove(_ a: TokenID, _ b: TokenID) -> Bool {
        let (x, y) = (values[Int(a)], values[Int(b)])
        return (x > y || (x == y && a < b)) == highestFirst
    }

    func build(_ ids: UnsafeMutableBufferPointer<TokenID>) {
        for index in stride(from: ids.count / 2 - 1, through: 0, by: -1) { settle(index, in: ids) }
    }

    /// Moves the id at `index` down until both below it are in order.
    func settle(_ index: Int, in ids: UnsafeMutableBufferPointer<TokenID>) {
        var index = index
        let id = ids[index]
        while 2 * index + 1 < ids.count {
            var child = 2 * index + 1
            if child + 1 < ids.count, isAbove(ids[child + 1], ids[child]) { child += 1 }
            if !isAbove(ids[child], id) { break }
            ids[index] = ids[child]
            index = child
        }
        ids[index] = id
    }
}
