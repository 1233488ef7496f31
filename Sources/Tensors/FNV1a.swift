/// FNV-1a with 64 bits, taken over 8-byte little-endian words: finds files and results that differ by accident, fast.
/// No protection against somebody who wants two of them to agree.
///
/// <http://www.isthe.com/chongo/tech/comp/fnv/>
public struct FNV1a: Sendable {
    public private(set) var hash: UInt64 = 0xCBF2_9CE4_8422_2325

    public init() {}

    @inlinable
    public mutating func combine(_ word: UInt64) { step(word) }

    /// Takes in whole words, then the rest filled up with zeros. Lengths are not taken in.
    public mutating func combine(_ bytes: UnsafeRawBufferPointer) {
        let words = bytes.count / 8
        for index in 0..<words {
            step(UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: 8 * index, as: UInt64.self)))
        }
        guard bytes.count % 8 != 0 else { return }
        var last: UInt64 = 0
        for index in (8 * words..<bytes.count).reversed() { last = last << 8 | UInt64(bytes[index]) }
        step(last)
    }

    @usableFromInline
    mutating func step(_ word: UInt64) { hash = (hash ^ word) &* 0x0000_0100_0000_01B3 }
}
