import Microbatches

/// How a microbatch is cut.
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
        var microbatch = spare.popLast() ?? Microbatch()
        microbatch.removeAll()
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

    /// How many microbatches are worth having in flight: while there are prompts one for each stage and one on the way, or
    /// more where by what is known the way around holds more.
    private mutating func flightLimit(decoding: Int) -> Int {
        var hasPrompt = false
        var hasFreeSlot = false
        for slot in slots.indices {
            hasFreeSlot = hasFreeSlot || slots[slot] == nil
            hasPrompt = hasPrompt || slots[slot]?.isPrompt ?? false
        }
        guard limits.stageCount > 1, hasPrompt || hasFreeSlot && !waiting.isEmpty else {
            return decodingFlight(decoding)
        }
        return limits.microbatches ?? max(limits.stageCount + 1, choice.promptFlight)
    }

    /// Settles the size of prompts' microbatches for all that wait, anew when others come: prompts in chunks of one size
    /// follow each other without gaps.
    private mutating func choosePrompts() {
        guard choice.wantsPrompts else { return }
        var (tokens, longest) = (0, 0)
        for state in slots.lazy.compactMap({ $0 }).filter(\.isPrompt) + waiting {
            tokens += state.pendingCount
            longest = max(longest, state.tokens.count)
        }
        choice.setPrompts(tokens: tokens, depth: Double(longest) / 2)
    }

    /// Microbatches in flight without prompts: as many as are best by what is known of the stages, or else one for each, as
    /// far as there are tokens for them. Another one hides the way between stages and what makes them uneven, but all read
    /// the weights once more for it: by what was measured, that must cost next to nothing beside the arithmetic.
    private mutating func decodingFlight(_ decoding: Int) -> Int {
        guard limits.stageCount > 1 else { return 1 }
        if let microbatches = limits.microbatches { return microbatches }
        let known = choice.decodingFlight(decoding, depth: meanDepth(decoding))
        let flight = known ?? max(min(decoding, limits.stageCount), 1)
        guard decoding > flight else { return flight }
        let more = Double(flight + 1) * cost.fixedRows + Double(decoding)
        let round = Double(flight) * (cost.fixedRows + decodingCost(decoding, flight))
        return more <= Self.roundLimit * round ? flight + 1 : flight
    }

    /// How many times longer a round may take with a microbatch more.
    private static let roundLimit = 1.04

    /// What a microbatch may carry of prompts beside decoded tokens, in rows that see nothing; see
    /// ``SchedulerLimits/prefillFactor``.
    private mutating func promptBudget(decoding: Int, flight: Int) -> Double {
        guard slots.contains(where: { $0?.isBetweenTokens ?? false }) else { return .infinity }
        let bound = limits.prefillFactor * round(of: decoding, decodingFlight(decoding))
        return bound / Double(max(flight, limits.stageCount)) - cost.fixedRows - decodingCost(decoding, flight)
    }

    /// The time from a decoded token to the next, in that of a row: the way through all stages, or through the
    /// microbatches ahead where they are more.
    private func round(of decoding: Int, _ flight: Int) -> Double {
        Double(max(flight, limits.stageCount)) * (cost.fixedRows + decodingCost(decoding, flight))
    }

    /// What a microbatch's share of the decoded tokens costs, in rows that see nothing.
    private func decodingCost(_ decoding: Int, _ flight: Int) -> Double {
        Double(share(of: decoding, flight)) * (1 + cost.rowsPerPosition * meanDepth(decoding))
    }

    /// Tokens of a sequence that decodes.
    private func meanDepth(_ decoding: Int) -> Double {
        var seen = 0
        for slot in slots.indices where slots[slot]?.isDecoding ?? false { seen += slots[slot]!.tokens.count }
        return Double(seen) / Double(max(decoding, 1))
    }

    /// Decoded tokens in each of `flight` microbatches.
    private func share(of decoding: Int, _ flight: Int) -> Int { (decoding + flight - 1) / flight }

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
