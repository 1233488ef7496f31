/// A merge of two neighbouring symbols: lower ranks go first.
struct Merge: Equatable {
    var rank: UInt32
    var id: TokenID
}

/// The merges of byte-level BPE by their pair of tokens, in an open-addressing hash table.
struct MergeTable: Sendable {
    private var entries: [(pair: UInt64, rank: UInt32, id: TokenID)]
    private let mask: Int
    private let seed = ByteHash.seed
    private static let none = UInt64.max

    init(capacity: Int) {
        var size = 16
        while size * 3 < capacity * 4 { size *= 2 }
        mask = size - 1
        entries = .init(repeating: (Self.none, 0, 0), count: size)
    }

    /// Enters a merge; of two for the same pair the first stays.
    mutating func insert(_ left: TokenID, _ right: TokenID, _ merge: Merge) {
        let pair = Self.key(left, right)
        let slot = find(pair)
        if entries[slot].pair == Self.none { entries[slot] = (pair, merge.rank, merge.id) }
    }

    @inline(__always)
    subscript(left: TokenID, right: TokenID) -> Merge? {
        let entry = entries[find(Self.key(left, right))]
        return entry.pair == Self.none ? nil : Merge(rank: entry.rank, id: entry.id)
    }

    @inline(__always)
    private func find(_ pair: UInt64) -> Int {
        var slot = Int(truncatingIfNeeded: ByteHash.mix(pair ^ seed, 0x9E37_79B9_7F4A_7C15)) & mask
        while entries[slot].pair != pair && entries[slot].pair != Self.none { slot = (slot + 1) & mask }
        return slot
    }

    /// Ids are not negative, so no pair looks like `none`.
    @inline(__always)
    private static func key(_ left: TokenID, _ right: TokenID) -> UInt64 {
        UInt64(UInt32(bitPattern: left)) << 32 | UInt64(UInt32(bitPattern: right))
    }
}
