/// A change of the block tables that every stage keeps, one for each slot.
///
/// Rank 0 alone decides which block belongs to whom. Its decisions travel in the ordered stream of frames, before the
/// spans they are meant for, so that every stage makes the same changes at the same point; the tables never travel. A
/// stage need not know why a block appears in two tables. The layout is fixed: frames carry operations as they are.
public struct KVOperation: Sendable, Equatable {
    /// What to do; the meaning of the other fields depends on it.
    public enum Kind: Int32, Sendable {
        /// Adds a block at the end of the slot's table.
        case append = 1
        /// Keeps only the first blocks of the slot's table; 0 frees the slot.
        case truncate = 2
        /// Copies the keys and values of a whole block to another one.
        case copy = 3
    }

    private var kindNumber: Int32
    /// The slot whose table changes; unused by a copy.
    public var slot: Int32
    /// The block to append or to copy, or how many to keep.
    public var value: Int32
    /// Where to copy to.
    public var target: Int32

    private init(_ kind: Kind, slot: Int32, value: Int32, target: Int32 = 0) {
        kindNumber = kind.rawValue
        self.slot = slot
        self.value = value
        self.target = target
    }

    /// nil when the bytes are no operation of this version.
    public var kind: Kind? { Kind(rawValue: kindNumber) }

    public static func append(_ block: Int32, to slot: Int32) -> KVOperation {
        KVOperation(.append, slot: slot, value: block)
    }

    public static func truncate(_ slot: Int32, toBlocks count: Int) -> KVOperation {
        KVOperation(.truncate, slot: slot, value: Int32(count))
    }

    public static func copy(_ block: Int32, to target: Int32) -> KVOperation {
        KVOperation(.copy, slot: 0, value: block, target: target)
    }
}

/// The operations of a microbatch, in the order in which they are made.
public typealias KVOperations = UnsafeBufferPointer<KVOperation>
