import Tokenization

/// How a sequence goes on.
struct Answer {
    /// The tokens that follow, in order. None: more rows are to come, or ``Coordinator/resume(_:with:)`` gives the token.
    var tokens: [TokenID] = []
    /// Whether it is over after them; its slot and its blocks are free again.
    var isLast = false

    /// Empties it; the memory stays, unless someone still holds a copy.
    mutating func removeAll() {
        tokens.removeAll(keepingCapacity: true)
        isLast = false
    }
}
