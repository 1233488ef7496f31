import Elementary
import Tokenization

/// The noise of every token at one place: a number from the standard Gumbel distribution, keyed by seed, choice, position
/// and id.
///
/// A token's noise is -ln(-ln u) with u = (bits + 1/2) / 2^32, where `bits` are 32 bits of a Philox block: the key is the
/// seed, low half first; the counter is the position, low half first, the choice, and the number of the block. Ids go by
/// sixteens, each of which takes four blocks: the first words of the four are those of its first four ids, and so on.
struct GumbelNoise {
    private let counter: SIMD4<UInt32>
    private let key: SIMD2<UInt32>

    /// Ids whose bits are made at once.
    static let groupSize = 16
    /// More than any noise: 32 random bits reach up to 33 ln 2 = 22.8739.
    static let bound = 22.875

    init(_ key: RandomKey) {
        counter = SIMD4(
            UInt32(truncatingIfNeeded: key.position), UInt32(truncatingIfNeeded: key.position >> 32), key.choice, 0)
        self.key = SIMD2(UInt32(truncatingIfNeeded: key.seed), UInt32(truncatingIfNeeded: key.seed >> 32))
    }

    static func value(ofBits bits: UInt32) -> Double {
        -Transcendental.log(-Transcendental.log((Double(bits) + 0.5) * 0x1p-32))
    }

    /// The lowest bits whose noise can reach `noise`, or fewer: noise of a word with k leading ones is below
    /// (k + 1) ln 2, since -ln u is above 1 - u.
    static func lowestBits(reaching noise: Double) -> UInt32 {
        guard noise > 1 else { return 0 }
        // A little less than 1 / ln 2, so that rounding errs to the safe side; more than 32 ones there are not.
        let ones = min(noise * 1.4426, 33) - 1
        return ~(.max >> UInt32(ones))
    }

    func bits(of id: TokenID) -> UInt32 {
        let id = UInt32(bitPattern: id)
        var counter = counter
        counter.w = id / 16 * 4 + id % 4
        return Philox.block(counter: counter, key: key)[Int(id / 4 % 4)]
    }

    /// The bits of ``groupSize`` ids from `first`, a multiple of that, on.
    @inline(__always)
    func fill(_ bits: UnsafeMutablePointer<UInt32>, from first: Int) {
        let block = UInt64(first / 4)
        let blocks = Philox.blocks(
            counters: .init(
                x: SIMD4(repeating: UInt64(counter.x)), y: SIMD4(repeating: UInt64(counter.y)),
                z: SIMD4(repeating: UInt64(counter.z)), w: SIMD4(block, block + 1, block + 2, block + 3)), key: key)
        let bytes = UnsafeMutableRawPointer(bits)
        bytes.storeBytes(of: SIMD4<UInt32>(truncatingIfNeeded: blocks.x), as: SIMD4<UInt32>.self)
        bytes.storeBytes(of: SIMD4<UInt32>(truncatingIfNeeded: blocks.y), toByteOffset: 16, as: SIMD4<UInt32>.self)
        bytes.storeBytes(of: SIMD4<UInt32>(truncatingIfNeeded: blocks.z), toByteOffset: 32, as: SIMD4<UInt32>.self)
        bytes.storeBytes(of: SIMD4<UInt32>(truncatingIfNeeded: blocks.w), toByteOffset: 48, as: SIMD4<UInt32>.self)
    }
}
