import Tokenization

/// How often each token is in a stretch of history; cleared in time proportional to the stretch. Scratch space that all
/// sequences of a sampler use in turn.
final class TokenCounts {
    private var counts: [Int32]
    /// The tokens that occur, in the order of their first occurrence.
    private(set) var distinct: [TokenID] = []

    init(vocabSize: Int) {
        counts = Array(repeating: 0, count: vocabSize)
        distinct.reserveCapacity(vocabSize)
    }

    subscript(id: TokenID) -> Int32 { counts[Int(id)] }

    /// Ids outside the vocabulary count for nothing: no logit belongs to them.
    func count(_ history: ArraySlice<TokenID>) {
        for id in history where counts.indices.contains(Int(id)) {
            if counts[Int(id)] == 0 { distinct.append(id) }
            counts[Int(id)] += 1
        }
    }

    func clear() {
        for id in distinct { counts[Int(id)] = 0 }
        distinct.removeAll(keepingCapacity: true)
    }
}
