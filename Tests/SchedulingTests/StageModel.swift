import Microbatches

/// What a stage holds: its block tables, and for each position of each block a number in place of keys and values.
///
/// Like keys and values, the number depends on the token and on what the sequence's blocks hold of the tokens before it.
struct StageModel {
    let capacity: KVCapacity
    private(set) var tables: [[Int32]]
    private var contents: [[UInt64]]

    init(_ capacity: KVCapacity) {
        self.capacity = capacity
        tables = Array(repeating: [], count: capacity.slotCount)
        contents = Array(
            repeating: Array(repeating: 0, count: KVCapacity.positionsPerBlock), count: capacity.blockCount)
    }

    /// What a position holds whose token is `token`, after a position that holds `previous`.
    static func content(_ token: Int32, after previous: UInt64) -> UInt64 {
        var hash = previous ^ UInt64(UInt32(bitPattern: token)) &* 0x9e37_79b9_7f4a_7c15
        hash = (hash ^ hash >> 32) &* 0xd6e8_feb8_6659_fd93
        return hash ^ hash >> 32 | 1
    }

    /// Makes the changes of a microbatch, as a stage's cache does.
    mutating func apply(_ operations: [KVOperation]) throws {
        for operation in operations {
            let slot = Int(operation.slot)
            switch operation.kind {
            case .append:
                try check(tables[slot].count < capacity.blocksPerSlot, "table of slot \(slot) overflows")
                try check(!tables[slot].contains(operation.value), "block twice in slot \(slot)")
                tables[slot].append(operation.value)
            case .truncate:
                try check((0...tables[slot].count).contains(Int(operation.value)), "slot \(slot) is cut to more")
                tables[slot].removeLast(tables[slot].count - Int(operation.value))
            case .copy: contents[Int(operation.target)] = contents[Int(operation.value)]
            case nil: throw Violation("unknown operation")
            }
        }
    }

    /// Computes a span of the sequence whose positions ought to hold `expected`.
    mutating func compute(_ span: Span, _ tokens: ArraySlice<Int32>, expecting expected: [UInt64]) throws {
        let (first, end) = (Int(span.firstPosition), Int(span.firstPosition + span.count))
        let table = tables[Int(span.slot)]
        try check(end <= table.count * KVCapacity.positionsPerBlock && span.count > 0, "\(span) is not covered")
        try check((0...span.count).contains(span.logitRows), "\(span) wants logits of others")
        for block in table[(first / KVCapacity.positionsPerBlock)...] {
            try check(tables.count { $0.contains(block) } == 1, "\(span) writes into a block of others")
        }
        var previous = UInt64(span.adapter.number)
        for position in 0..<end {
            let place = position % KVCapacity.positionsPerBlock
            let block = Int(table[position / KVCapacity.positionsPerBlock])
            if position >= first {
                contents[block][place] = Self.content(tokens[tokens.startIndex + position - first], after: previous)
            }
            previous = contents[block][place]
            try check(previous == expected[position], "\(span) finds other contents at position \(position)")
        }
    }
}

/// A rule that does not hold.
struct Violation: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

func check(_ condition: Bool, _ description: @autoclosure () -> String) throws {
    if !condition { throw Violation(description()) }
}
