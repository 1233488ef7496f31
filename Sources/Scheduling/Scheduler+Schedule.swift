import Microbatches

/// What goes into the next microbatch.
extension Scheduler {
    /// The next microbatch to send; nil when there is nothing to send now.
    ///
    /// Decoded tokens come first, an equal share for each microbatch in flight; prompts fill it up, the oldest first, as
    /// far as they do not make decoded tokens wait too long.
    public mutating func schedule() -> Microbatch? {
        choosePrompts()
        let decoding = slots.count { $0?.isDecoding ?? false }
        let flight = flightLimit(decoding: decoding)
        guard inFlight.count < flight else { return nil }
        var microbatch = takeSpare()
        let share = share(of: decoding, flight)
        let budget = promptBudget(decoding: decoding, flight: flight)
        // A token left over from the last microbatch that may be sent now waits for another to come back. That evens
        // out microbatches of decoding alone; beside prompts it is not needed, since they fill up what is short.
        let isBesidePrompts = flight == inFlight.count + 1 && flight > decodingFlight(decoding)
        let most = Double(share) + (isBesidePrompts ? max(0, budget) : 0)
        takeReady(Int(min(most, Double(limits.rowCapacity))), &microbatch)
        fillWithPrompts(budget - Double(max(0, microbatch.rowCount - share)), &microbatch)
        guard !microbatch.spans.isEmpty else {
            spare.append(microbatch)
            return nil
        }
        swap(&microbatch.operations, &operations)
        inFlight.append(microbatch)
        // From the next microbatch on, others may share what this one computes.
        for span in microbatch.spans { indexFullBlocks(of: Int(span.slot)) }
        return microbatch
    }

    /// An empty microbatch, whose memory has been used before where that is possible.
    private mutating func takeSpare() -> Microbatch {
        if var microbatch = spare.popLast() {
            microbatch.removeAll()
            return microbatch
        }
        var microbatch = Microbatch()
        microbatch.operations.reserveCapacity(usualOperationCount)
        return microbatch
    }

    /// Tokens that were appended, `count` of them at most: of nearly all sequences it is one.
    private mutating func takeReady(_ count: Int, _ microbatch: inout Microbatch) {
        var left = count
        for _ in 0..<ready.count where left > 0 {
            guard let slot = ready.popFirst() else { return }
            let rows = extend(slot, by: left, &microbatch)
            left -= rows
            // One that finds no memory tries again, after those that it might have to wait for; so does what is over of
            // several tokens.
            if rows == 0 || slots[slot]!.pendingCount > 0 { ready.append(slot) }
        }
    }

    /// At least one row, so that prompts get on in any case.
    private mutating func fillWithPrompts(_ budget: Double, _ microbatch: inout Microbatch) {
        var budget = budget
        // Chunks of the size that was chosen for all prompts, beside decoded tokens too.
        let most = min(limits.rowCapacity, microbatch.rowCount + (choice.promptRows ?? limits.rowCapacity))
        let prompts = slots.indices.filter { slots[$0]?.isPrompt ?? false }.sorted { slots[$0]!.id < slots[$1]!.id }
        var isFirst = true
        // One that comes later in the list may have made room for one before it.
        for slot in prompts where slots[slot] != nil {
            guard let limit = promptRows(of: slot, within: budget, isFirst, upTo: most - microbatch.rowCount) else {
                return
            }
            let count = extend(slot, by: limit, &microbatch)
            // Whoever comes later would take the memory that it waits for.
            if count == 0 { return }
            budget -= cost.cost(ofRows: count, from: slots[slot]!.computedCount - count)
            isFirst = false
        }
        while promptRows(of: nil, within: budget, isFirst, upTo: most - microbatch.rowCount) != nil, let slot = admit()
        {
            guard let limit = promptRows(of: slot, within: budget, isFirst, upTo: most - microbatch.rowCount) else {
                return
            }
            let count = extend(slot, by: limit, &microbatch)
            budget -= cost.cost(ofRows: count, from: slots[slot]!.computedCount - count)
            isFirst = isFirst && count == 0
        }
    }

    /// How many rows of a prompt the microbatch takes within the budget; nil for none.
    private func promptRows(of slot: Int?, within budget: Double, _ isFirst: Bool, upTo room: Int) -> Int? {
        guard room > 0 else { return nil }
        if budget == .infinity { return room }
        let first = slot.map { slots[$0]!.computedCount } ?? 0
        let count = max(budget > 0 ? cost.count(within: budget, from: first) : 0, isFirst ? 1 : 0)
        return count > 0 ? min(count, room) : nil
    }

    /// Puts up to `limit` of a running sequence's pending tokens into the microbatch, if there are blocks for them.
    ///
    /// - Returns: How many.
    @discardableResult
    private mutating func extend(_ slot: Int, by limit: Int, _ microbatch: inout Microbatch) -> Int {
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
                logitRows: state.wantsAllRows ? count : isLast ? 1 : 0, adapter: state.adapter))
        microbatch.sequences.append(state.id)
        slots[slot]!.computedCount = end
        slots[slot]!.inFlightCount += 1
        if isLast { slots[slot]!.hasCaughtUp = true }
        return count
    }

    /// Whether the frame takes what a span may need: all others preempted, new blocks, a copy.
    private func hasRoomForOperations(rows: Int) -> Bool {
        operations.count + slots.count + KVCapacity.blocks(forPositions: rows) + 4 <= limits.operationCapacity
    }

    /// Gives the first waiting sequence a slot, and the blocks whose contents it shares; nil where it has to wait on.
    private mutating func admit() -> Int? {
        guard operations.count + limits.capacity.blocksPerSlot <= limits.operationCapacity / 2,
            let candidate = waiting.first, candidate.inFlightCount == 0,
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
