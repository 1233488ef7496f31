/// What the costs of the stages, where they are known, make of the work that there is; each choice is kept for a while.
struct FlightChoice {
    private let costs: RingCosts?
    private let fillsMicrobatches: Bool
    /// Rows of a microbatch of prompts alone; nil: as many as it takes.
    private(set) var promptRows: Int?
    /// Microbatches that fill the ring while there are prompts; 0 where nothing is known.
    private(set) var promptFlight = 0
    /// Whether ``setPrompts(tokens:depth:)`` should be called before the next microbatch is cut.
    private(set) var wantsPrompts: Bool
    private var last: (decoding: Int, depth: Double, flight: Int)?

    /// As long as depths differ by less, decode costs the same.
    private static let depthStep = 1.1

    init(_ limits: SchedulerLimits) {
        costs = limits.stageCount > 1 ? limits.costs : nil
        fillsMicrobatches = limits.fillsMicrobatches
        wantsPrompts = costs != nil
        promptRows = fillsMicrobatches ? limits.rowCapacity : nil
    }

    /// Other prompts have come.
    mutating func forgetPrompts() { wantsPrompts = costs != nil }

    /// Chooses for prompts of `tokens` tokens in all, whose rows see `depth` positions.
    mutating func setPrompts(tokens: Int, depth: Double) {
        wantsPrompts = false
        guard let costs, tokens > 0 else { return }
        if !fillsMicrobatches { promptRows = costs.promptRows(tokens: tokens, depth: depth) }
        promptFlight = costs.promptFlight(rows: promptRows!, depth: depth)
    }

    /// Microbatches in flight for so many sequences; nil where costs are not known.
    mutating func decodingFlight(_ decoding: Int, depth: Double) -> Int? {
        guard let costs, decoding > 0 else { return nil }
        if let last, last.decoding == decoding, depth < last.depth * Self.depthStep, last.depth < depth * Self.depthStep
        {
            return last.flight
        }
        let flight = costs.decodingFlight(sequences: decoding, depth: depth)
        last = (decoding, depth, flight)
        return flight
    }
}
