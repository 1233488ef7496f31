import Microbatches

/// Who gets which block: sharing, copying on write, preemption. Every change of a table is noted for the stages.
extension Scheduler {
    private static var blockSize: Int { KVCapacity.positionsPerBlock }

    /// Gives an admitted sequence the blocks that hold the keys and values of its first tokens.
    ///
    /// Its last token is computed in any case, since logits are not kept. The last block found may hold other tokens
    /// further on: it is shared as it is and copied when the sequence writes to it.
    mutating func sharePrefix(_ slot: Int) {
        guard slots[slot]!.reusesPrefix else { return }
        let tokens = slots[slot]!.tokens.dropLast()
        var parent = PrefixIndex.root(of: slots[slot]!.adapter)
        var found = 0
        while let (block, count) = prefixes.longestMatch(after: parent, tokens[found...]) {
            pool.hold(block)
            give(block, to: slot)
            found += count
            parent = block
            guard count == Self.blockSize else { break }
            slots[slot]!.indexedCount += 1
        }
        slots[slot]!.computedCount = found
        slots[slot]!.reusedCount = found
    }

    /// Sees to it that the positions from the first uncomputed one up to `end` have blocks that belong to the sequence
    /// alone; false where there is no memory for them now.
    mutating func makeRoom(for end: Int, in slot: Int, sparing spans: [Span]) -> Bool {
        let last = slots[slot]!.blocks.count - 1
        let firstWritten = slots[slot]!.computedCount / Self.blockSize
        let isShared = firstWritten == last && needsCopy(slots[slot]!.blocks[last])
        let missing = KVCapacity.blocks(forPositions: end) - (last + 1) + (isShared ? 1 : 0)
        while pool.freeCount < missing {
            guard preemptYoungest(for: slot, sparing: spans) else { return false }
        }
        if isShared { copyLast(of: slot) }
        while slots[slot]!.blocks.count * Self.blockSize < end { give(takeBlock(), to: slot) }
        return true
    }

    /// Takes a sequence from its slot; what it computed may serve others until its blocks are used again.
    mutating func vacate(_ slot: Int) {
        indexLastBlock(of: slot)
        let state = slots[slot]!
        // The last first: a block must be forgotten before the one it follows.
        for block in state.blocks.reversed() { pool.release(block, isWorthKeeping: prefixes.contains(block)) }
        if !state.blocks.isEmpty { operations.append(.truncate(Int32(slot), toBlocks: 0)) }
        slots[slot] = nil
        ready.removeAll { $0 == slot }
    }

    /// Makes the blocks that are filled with computed tokens known.
    ///
    /// Where an equal block is known already, the sequence takes that one and gives its own back: their bits are equal.
    /// So whoever holds a known block holds all those before it.
    mutating func indexFullBlocks(of slot: Int) {
        guard slots[slot]!.reusesPrefix else { return }
        var firstReplaced: Int?
        while (slots[slot]!.indexedCount + 1) * Self.blockSize <= slots[slot]!.computedCount {
            let index = slots[slot]!.indexedCount
            let tokens = slots[slot]!.tokens[index * Self.blockSize..<(index + 1) * Self.blockSize]
            let (own, parent) = (slots[slot]!.blocks[index], parent(ofBlock: index, slot))
            if let known = prefixes.match(after: parent, exactly: tokens) {
                pool.hold(known)
                slots[slot]!.blocks[index] = known
                pool.release(own, isWorthKeeping: false)
                firstReplaced = firstReplaced ?? index
            } else {
                prefixes.insert(own, after: parent, tokens)
            }
            slots[slot]!.indexedCount += 1
        }
        if let firstReplaced { retell(slot, from: firstReplaced) }
    }

    /// Makes the block known in which the computed tokens end.
    private mutating func indexLastBlock(of slot: Int) {
        let state = slots[slot]!
        let start = state.indexedCount * Self.blockSize
        guard state.reusesPrefix, start < state.computedCount else { return }
        let block = state.blocks[state.indexedCount]
        let tokens = state.tokens[start..<state.computedCount]
        let parent = parent(ofBlock: state.indexedCount, slot)
        guard !prefixes.contains(block), prefixes.longestMatch(after: parent, tokens)?.count != tokens.count else {
            return
        }
        prefixes.insert(block, after: parent, tokens)
    }

    private func parent(ofBlock index: Int, _ slot: Int) -> Int32 {
        index == 0 ? PrefixIndex.root(of: slots[slot]!.adapter) : slots[slot]!.blocks[index - 1]
    }

    private func needsCopy(_ block: Int32) -> Bool { pool.holders[Int(block)] > 1 || prefixes.contains(block) }

    /// The free block whose contents are wanted least.
    private mutating func takeBlock() -> Int32 {
        let block = pool.take()!
        prefixes.remove(block)
        return block
    }

    private mutating func give(_ block: Int32, to slot: Int) {
        slots[slot]!.blocks.append(block)
        operations.append(.append(block, to: Int32(slot)))
    }

    /// Copies the last block, which others may read, before the sequence writes to it.
    private mutating func copyLast(of slot: Int) {
        let old = slots[slot]!.blocks.removeLast()
        let copy = takeBlock()
        operations.append(.copy(old, to: copy))
        operations.append(.truncate(Int32(slot), toBlocks: slots[slot]!.blocks.count))
        give(copy, to: slot)
        pool.release(old, isWorthKeeping: prefixes.contains(old))
    }

    /// Tells the stages the blocks of a slot anew, from the first that changed.
    private mutating func retell(_ slot: Int, from index: Int) {
        operations.append(.truncate(Int32(slot), toBlocks: index))
        for block in slots[slot]!.blocks[index...] { operations.append(.append(block, to: Int32(slot))) }
    }

    /// Sends the youngest sequence that is younger than that of `slot` back to wait; false where there is none.
    ///
    /// - Parameter spans: of the microbatch being cut, whose sequences stay.
    private mutating func preemptYoungest(for slot: Int, sparing spans: [Span]) -> Bool {
        let victims = slots.indices.filter { other in
            slots[other] != nil && slots[other]!.id > slots[slot]!.id && !spans.contains { Int($0.slot) == other }
        }
        guard let victim = victims.max(by: { slots[$0]!.id < slots[$1]!.id }) else { return false }
        var state = slots[victim]!
        vacate(victim)
        state.leaveCache()
        waiting.insert(state, at: waiting.firstIndex { $0.id > state.id } ?? waiting.endIndex)
        preemptionCount += 1
        return true
    }
}
