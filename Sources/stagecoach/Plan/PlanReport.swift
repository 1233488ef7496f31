import Planning

/// What `plan --json` prints.
struct PlanReport: Encodable {
    struct Host: Encodable {
        let host: String
        let layers: [Int]
        let weightBytes: Int
        let kvBytes: Int
    }

    struct Predicted: Encodable {
        let sequences: Int
        let prefillTokensPerSecond: Double
        let decodeTokensPerSecond: Double
        let ttftSeconds: Double
    }

    let partition: [Int]
    let hosts: [Host]
    let predicted: [Predicted]
    let bottleneck: String

    init(_ plan: Plan) {
        partition = plan.partition.layerCounts
        hosts = plan.stages.map {
            Host(
                host: $0.host, layers: [$0.layers.lowerBound, $0.layers.upperBound], weightBytes: $0.weightBytes,
                kvBytes: $0.kvBytes)
        }
        predicted = plan.predictions.map {
            Predicted(
                sequences: $0.workload.sequences, prefillTokensPerSecond: $0.prefillTokensPerSecond,
                decodeTokensPerSecond: $0.decodeTokensPerSecond, ttftSeconds: $0.timeToFirstToken)
        }
        bottleneck = plan.bottleneck
    }
}
