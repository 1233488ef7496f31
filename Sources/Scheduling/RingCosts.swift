/// What all stages together take for a microbatch, as far as it is known before they run: by its rows, in seconds.
///
/// The way is the time from rank 0 around the ring and through the head; the pace is the time for which the slowest stage or
/// edge is busy, after which the next microbatch can follow.
public struct RingCosts: Sendable {
    public struct Times: Sendable {
        public var way: Double
        public var pace: Double

        public init(way: Double, pace: Double) {
            self.way = way
            self.pace = pace
        }
    }

    /// Of one row, two rows and so on, each of which wants logits.
    private let decode: [Times]
    /// The same where none does.
    private let prompt: [Times]
    /// For each position that a row sees.
    private let position: Times

    /// More and smaller microbatches are taken only where they are sooner done by this share: each costs a little that
    /// nobody has measured.
    private static let gain = 0.03
    private static let chunkStep = 16

    /// - Precondition: `decode` and `prompt` are for as many rows as a microbatch may have, at least one.
    public init(decode: [Times], prompt: [Times], position: Times) {
        precondition(!decode.isEmpty && decode.count == prompt.count)
        self.decode = decode
        self.prompt = prompt
        self.position = position
    }

    private func times(_ table: [Times], rows: Int, depth: Double) -> Times {
        guard rows > 0 else { return Times(way: 0, pace: 0) }
        let seen = Double(rows) * depth
        let known = table[min(rows, table.count) - 1]
        return Times(way: known.way + seen * position.way, pace: known.pace + seen * position.pace)
    }

    /// Microbatches in flight with which `sequences` sequences at `depth` get their next tokens soonest: many small ones
    /// keep all stages busy, few large ones read the weights less often.
    public func decodingFlight(sequences: Int, depth: Double) -> Int {
        var best = (flight: sequences, seconds: Double.infinity)
        for rows in stride(from: min(sequences, decode.count), through: 1, by: -1) {
            let whole = times(decode, rows: rows, depth: depth)
            let rest = times(decode, rows: sequences % rows, depth: depth)
            let seconds = max(whole.way, Double(sequences / rows) * whole.pace + rest.pace)
            if seconds < best.seconds * (1 - Self.gain) { best = ((sequences + rows - 1) / rows, seconds) }
        }
        return best.flight
    }

    /// Rows of a microbatch with which prompts of `tokens` tokens in all are computed soonest: small ones fill the stages
    /// sooner, large ones read the weights less often.
    public func promptRows(tokens: Int, depth: Double) -> Int {
        func seconds(_ rows: Int) -> Double {
            let times = times(prompt, rows: rows, depth: depth)
            return times.way + Double((tokens + rows - 1) / rows - 1) * times.pace
        }
        let most = prompt.count
        var best = (rows: most, seconds: seconds(min(most, max(tokens, 1))))
        let steps = most / Self.chunkStep
        for rows in (1...max(1, steps)).reversed().map({ $0 * Self.chunkStep }) + [Self.chunkStep / 2] where rows < most
        {
            let seconds = seconds(rows)
            if seconds < best.seconds * (1 - Self.gain) { best = (rows, seconds) }
        }
        return best.rows
    }

    /// What a stage's microbatch costs before any was measured.
    var estimate: CostEstimate {
        let rows = min(prompt.count, 32)
        let perRow = (prompt[rows - 1].pace - prompt[0].pace) / Double(max(rows - 1, 1))
        guard perRow > 0 else { return CostEstimate() }
        return CostEstimate(fixedRows: prompt[0].pace / perRow - 1, rowsPerPosition: position.pace / perRow)
    }

    /// Microbatches of a prompt that fill the way, and one more.
    func promptFlight(rows: Int, depth: Double) -> Int {
        let times = times(prompt, rows: rows, depth: depth)
        return times.pace > 0 ? Int(min(times.way / times.pace, 4096).rounded(.up)) + 1 : 1
    }
}
