import Requests

/// What runs where: `/props`.
struct PropertiesReport: Encodable {
    struct Stage: Encodable {
        let rank: Int
        let host: String
        /// First layer, and the one after the last.
        let layers: [Int]
    }

    let version = Build.version
    let model: String
    let contextLength: Int
    let vocabSize: Int
    let ranks: Int
    let hosts: [String]
    let layerCount: Int
    let stages: [Stage]
    /// Of rank 0.
    let threads: Int
    let instructionSet: String
    let weightBytesPerToken: Int
    let maxSequences: Int
    let maxQueue: Int
    let requestTimeoutSeconds: Double

    init(_ served: ServedModel, _ layout: ServedLayout, _ settings: ServerSettings) {
        model = served.name
        contextLength = served.rules.contextLength
        vocabSize = served.text.vocabSize
        ranks = layout.hosts.count
        hosts = layout.hosts
        layerCount = layout.partition.reduce(0, +)
        var first = 0
        stages = layout.partition.enumerated().map { rank, count in
            defer { first += count }
            return Stage(rank: rank, host: layout.hosts[rank], layers: [first, first + count])
        }
        threads = layout.threadCount
        instructionSet = layout.instructionSet
        weightBytesPerToken = layout.weightBytesPerToken
        maxSequences = settings.maxSequences
        maxQueue = settings.maxQueue
        requestTimeoutSeconds = settings.requestTimeout
    }
}

/// What the engine does just now: `/status`, which the page asks for again and again.
struct StatusReport: Encodable {
    let engine: EngineStatus
    let openAnswers: Int
    let promptTokens: Int
    let generatedTokens: Int
    let cachedTokens: Int

    init(_ status: EngineStatus, _ values: ServerMetrics.Values, openAnswers: Int) {
        engine = status
        self.openAnswers = openAnswers
        promptTokens = values.promptTokens
        generatedTokens = values.generatedTokens
        cachedTokens = values.cachedTokens
    }
}
