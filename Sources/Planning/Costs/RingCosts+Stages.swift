import Microbatches
import Scheduling

extension SchedulerLimits {
    /// For stages that cost what is known, as they are while all of them compute.
    ///
    /// - Parameters:
    ///   - chunk: Rows of a microbatch of prompts; nil: as the costs advise.
    ///   - microbatches: in flight; nil: as the costs advise.
    public init(
        _ capacity: KVCapacity, _ stages: [StageCost], edges: [LinkProfile], costs: CostModel, chunk: Int?,
        microbatches: Int?
    ) {
        self.init(
            capacity: capacity, rowCapacity: costs.rowCapacity, stageCount: stages.count, microbatches: microbatches,
            costs: RingCosts(stages, edges: edges, costs: costs), fillsMicrobatches: chunk != nil)
    }
}

extension RingCosts {
    /// What stages and edges that follow each other as a ring take for any microbatch.
    ///
    /// - Parameter edges: One for each stage; the last leads back to rank 0.
    public init(_ stages: [StageCost], edges: [LinkProfile], costs: CostModel) {
        var kinds: [(cost: StageCost, count: Double)] = []
        for stage in stages.dropFirst() {
            if let known = kinds.firstIndex(where: { $0.cost == stage }) {
                kinds[known].count += 1
            } else {
                kinds.append((stage, 1))
            }
        }
        let crossed = stages.count > 1 ? edges : []
        func table(wantsLogits: Bool) -> [Times] {
            (1...costs.rowCapacity).map { rows in
                let bytes = costs.frameBytes(rows: rows)
                let first = stages[0].layers.seconds(Double(rows)) + (wantsLogits ? stages[0].headSeconds(rows) : 0)
                var times = Times(way: first, pace: first)
                for kind in kinds {
                    let seconds = kind.cost.layers.seconds(Double(rows))
                    times = Times(way: times.way + kind.count * seconds, pace: max(times.pace, seconds))
                }
                for (rank, edge) in crossed.enumerated() {
                    let bytes = rank < stages.count - 1 || wantsLogits ? bytes : costs.frameBytes(rows: 0)
                    times = Times(
                        way: times.way + edge.seconds(bytes: bytes),
                        pace: max(times.pace, edge.occupation(bytes: bytes)))
                }
                return times
            }
        }
        let perPosition = stages.map { $0.secondsPerAttended + $0.secondsPerCached }
        self.init(
            decode: table(wantsLogits: true), prompt: table(wantsLogits: false),
            position: Times(way: perPosition.reduce(0, +), pace: perPosition.max()!))
    }
}
