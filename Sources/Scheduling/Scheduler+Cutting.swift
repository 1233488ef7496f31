import Microbatches

/// How a microbatch is cut.
extension Scheduler {
    /// Fills `microbatch` with the next one to send; false when there is nothing to send now.
    ///
    /// Decoded tokens come first, an equal share for each microbatch in flight; prompts fill it up, the oldest first, as
    /// far as they do not make decoded tokens wait too long.
    public mutating func cut(into microbatch: inout Microbatch) -> Bool {
        microbatch.removeAll()
        let decoding = slots.count { $0?.isDecoding ?? false }
        let flight = flightLimit(decoding: decoding)
        guard inFlight.count < flight else { return false }
        let share = (decoding + flight - 1) / flight
        var sequences: [SequenceID] = []
        takeReady(min(share, limits.rowCapacity), &microbatch, &sequences)
        fillWithPrompts(promptBudget(decoding: decoding, share: share), &microbatch, &sequences)
        guard !microbatch.spans.isEmpty else { return false }
        swap(&microbatch.operations, &operations)
        inFlight.append(sequences)
        // From the next microbatch on, others may share what this one computes.
        for span in microbatch.spans { indexFullBlocks(of: Int(span.slot)) }
        return true
    }

    /// How many microbatches are worth having in flight.
    ///
    /// One for each stage and one on the way while there are prompts; for decoding alone only as many as there are
    /// batches that keep a stage's arithmetic busy, since smaller ones read the weights more often for nothing.
    func flightLimit(decoding: Int) -> Int {
        guard limits.stageCount > 1 else { return 1 }
        if let microbatches = limits.microbatches { return microbatches }
        if !waiting.isEmpty || slots.contains(where: { $0?.isPrompt ?? false }) {
            return limits.stageCount + 1
        }
        return min(max(Int((Double(decoding) / cost.fixedRows).rounded(.up)), 1), limits.stageCount + 1)
    }

    /// Rows of prompts that a microbatch may carry.
    private func promptBudget(decoding: Int, share: Int) -> Int {
        guard decoding > 0 else { return limits.rowCapacity }
        return max(1, Int((limits.prefillFactor - 1) * (cost.fixedRows + Double(share))))
    }

    private mutating func takeReady(_ count: Int, _ microbatch: inout Microbatch, _ sequences: inout [SequenceID]) {
        for _ in 0..<ready.count where microbatch.spans.count < count {
            guard let slot = ready.popFirst() else { return }
            // One that finds no memory tries again, after those that it might have to wait for.
            if extend(slot, by: 1, &microbatch, &sequences) == 0 { ready.append(slot) }
        }
    }

    private mutating func fillWithPrompts(
        _ budget: Int, _ microbatch: inout Microbatch, _ sequences: inout [SequenceID]
    ) {
        var budget = min(budget, limits.rowCapacity - microbatch.rowCount)
        let prompts = slots.indices.filter { slots[$0]?.isPrompt ?? false }.sorted { slots[$0]!.id < slots[$1]!.id }
        // One that comes later in the list may have made room for one before it.
        for slot in prompts where budget > 0 && slots[slot] != nil {
            budget -= extend(slot, by: budget, &microbatch, &sequences)
        }
        while budget > 0, operations.count <= 2 * slots.count, let slot = admit() {
            budget -= extend(slot, by: budget, &microbatch, &sequences)
        }
    }

    /// Puts up to `limit` of a running sequence's pending tokens into the microbatch, if there are blocks for them.
    ///
    /// - Returns: How many.
    @discardableResult
    private mutating func extend(
        _ slot: Int, by limit: Int, _ microbatch: inout Microbatch, _ sequences: inout [SequenceID]
    ) -> Int {
        let first = slots[slot]!.computedCount
        let end = first + min(limit, slots[slot]!.pendingCount)
        guard end > first, hasRoomForOperations(rows: end - first),
            makeRoom(for: end, in: slot, sparing: microbatch.spans)
        else { return 0 }
        let state = slots[slot]!
        let isLast = end == state.tokens.count
        let count = end - first
        microbatch.spans.append(
            Span(
                slot: slot, firstPosition: first, count: count,
                logitRows: state.wantsAllLogits ? count : isLast ? 1 : 0))
        sequences.append(state.id)
        slots[slot]!.computedCount = end
        slots[slot]!.inFlightCount += 1
        if isLast { slots[slot]!.hasCaughtUp = true }
        return count
    }

    private func hasRoomForOperations(rows: Int) -> Bool {
        operations.count + slots.count + KVCapacity.blocks(forPositions: rows) + 4 <= limits.operationCapacity
    }

    /// Gives the first waiting sequence a slot, and the blocks whose contents it shares; nil where it has to wait on.
    private mutating func admit() -> Int? {
        guard let candidate = waiting.first, candidate.inFlightCount == 0,
            let slot = slots.firstIndex(where: { $0 == nil })
        else { return nil }
        // Without room for its prompt it would soon have to leave again, unless it is alone.
        let needed = KVCapacity.blocks(forPositions: candidate.tokens.count) + 1
        guard needed <= pool.freeCount || runningCount == 0 else { return nil }
        slots[slot] = waiting.removeFirst()
        sharePrefix(slot)
        return slot
    }
}
