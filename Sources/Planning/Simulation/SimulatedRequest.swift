/// A request of a simulated run.
public struct SimulatedRequest: Sendable, Equatable {
    /// Seconds after the start.
    public var arrival: Double
    public var promptTokens: Int
    public var generateTokens: Int

    public init(arrival: Double = 0, promptTokens: Int, generateTokens: Int) {
        self.arrival = arrival
        self.promptTokens = promptTokens
        self.generateTokens = generateTokens
    }
}

/// What became of the requests of a simulated run, or of one of its phases.
public struct SimulatedOutcome: Sendable, Equatable {
    /// Seconds from arrival to the first token, of each request that got one, in the order of the tokens.
    public var timesToFirstToken: [Double] = []
    /// Seconds from one token to the next, of all requests.
    public var interTokenSeconds: [Double] = []
    public var promptTokens = 0
    public var generatedTokens = 0
    public var microbatches = 0
    /// Seconds from the start of the phase to its last token.
    public var seconds = 0.0
    /// Seconds that each stage computed.
    public var busy: [Double] = []
    /// Seconds that each edge was busy with bytes.
    public var edgeBusy: [Double] = []

    /// Each stage's share of the time that it computed.
    public var utilization: [Double] { busy.map { seconds > 0 ? $0 / seconds : 0 } }
    /// The share of the stages' time that is lost: the pipeline bubble.
    public var bubble: Double {
        busy.isEmpty ? 0 : 1 - utilization.reduce(0, +) / Double(busy.count)
    }
}
