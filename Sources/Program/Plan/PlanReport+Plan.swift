import Planning
import ReportSchemas

extension PlanReport {
    init(_ plan: Plan) {
        self.init(
            partition: plan.partition.layerCounts,
            hosts: plan.stages.map {
                Host(
                    host: $0.host, layers: [$0.layers.lowerBound, $0.layers.upperBound], weightBytes: $0.weightBytes,
                    kvBytes: $0.kvBytes)
            },
            predicted: plan.predictions.map {
                Prediction(
                    sequences: $0.workload.sequences, prefillTokensPerSecond: $0.prefillTokensPerSecond,
                    decodeTokensPerSecond: $0.decodeTokensPerSecond, ttftSeconds: $0.timeToFirstToken)
            }, bottleneck: plan.bottleneck)
    }
}
