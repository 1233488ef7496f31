import Glibc

/// Tokens by their bytes: an open-addressing hash table of ids into a `ByteStrings`.
///
/// Keys are bytes, never `String`: Swift compares strings by canonical equivalence, which would make one of tokens
/// that differ.
struct TokenTable: Sendable {
    private let strings: ByteStrings
    private var slots: [Slot]
    private let mask: Int
    private let seed = ByteHash.seed

    private struct Slot {
        /// A part of the hash, so that other tokens are rarely compared.
        var tag: UInt32 = 0
        /// The token, or -1.
        var id: TokenID = -1
    }

    /// An empty table over `strings` with room for `capacity` of them.
    init(over strings: ByteStrings, capacity: Int) {
        self.strings = strings
        var size = 16
        while size * 3 < capacity * 4 { size *= 2 }
        mask = size - 1
        slots = [Slot](repeating: Slot(), count: size)
    }

    /// Enters `id` unless its bytes are there already: of equal tokens the first one entered is found.
    mutating func insert(_ id: TokenID) {
        let (slot, tag) = strings.withBytes(Int(id)) { find($0) }
        if slots[slot].id < 0 { slots[slot] = Slot(tag: tag, id: id) }
    }

    /// The token with exactly these bytes, or nil.
    @inline(__always)
    func id(of bytes: UnsafeBufferPointer<UInt8>) -> TokenID? {
        let id = slots[find(bytes).slot].id
        return id < 0 ? nil : id
    }

    func id(of bytes: [UInt8]) -> TokenID? { bytes.withUnsafeBufferPointer { id(of: $0) } }

    /// The slot of `bytes`, or the empty slot where they belong, and their tag.
    @inline(__always)
    private func find(_ bytes: UnsafeBufferPointer<UInt8>) -> (slot: Int, tag: UInt32) {
        let hash = ByteHash.hash(bytes, seed: seed)
        let tag = UInt32(truncatingIfNeeded: hash >> 32)
        var slot = Int(truncatingIfNeeded: hash) & mask
        while slots[slot].id >= 0 {
            if slots[slot].tag == tag, strings.withBytes(Int(slots[slot].id), { $0.equals(bytes) }) { break }
            slot = (slot + 1) & mask
        }
        return (slot, tag)
    }
}

extension UnsafeBufferPointer<UInt8> {
    @inline(__always)
    func equals(_ other: UnsafeBufferPointer<UInt8>) -> Bool {
        guard count == other.count else { return false }
        guard let baseAddress, let otherAddress = other.baseAddress else { return true }
        return memcmp(baseAddress, otherAddress, count) == 0
    }
}
