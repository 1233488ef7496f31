/// How many microbatches are in flight, and what prompts may take beside decoded tokens.
extension Scheduler {
    /// How many microbatches are worth having in flight: while there are prompts one for each stage and one on the way, or
    /// more where by what is known the way around holds more.
    mutating func flightLimit(decoding: Int) -> Int {
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
    mutating func choosePrompts() {
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
    mutating func decodingFlight(_ decoding: Int) -> Int {
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
    mutating func promptBudget(decoding: Int, flight: Int) -> Double {
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
    func share(of decoding: Int, _ flight: Int) -> Int { (decoding + flight - 1) / flight }
}
