/// The stages after rank 0 and the edges between them, as a clock sees them: a microbatch waits for the one before it at
/// each stage and on each edge.
struct SimulatedRing {
    /// When each stage is free.
    private var stageFree: [Double]
    /// When each edge is free.
    private var edgeFree: [Double]
    /// Seconds that each stage computed; rank 0's are added by whoever runs it.
    private(set) var busy: [Double]
    /// Seconds that each edge was busy with bytes.
    private(set) var edgeBusy: [Double]

    private let edges: [LinkProfile]
    private let costs: CostModel
    /// The stages that differ, and for each rank which of them it is: thousands of stages are of few kinds.
    private var kinds: [StageCost] = []
    private var kindOf: [Int] = []
    private var secondsOfKind: [Double] = []

    init(_ stages: [StageCost], edges: [LinkProfile], costs: CostModel) {
        self.edges = edges
        self.costs = costs
        stageFree = Array(repeating: 0, count: stages.count)
        edgeFree = stageFree
        busy = stageFree
        edgeBusy = stageFree
        setStages(stages)
    }

    /// From now on the stages cost this.
    mutating func setStages(_ stages: [StageCost]) {
        kinds = []
        kindOf = stages.map { stage in
            if let known = kinds.firstIndex(of: stage) { return known }
            kinds.append(stage)
            return kinds.count - 1
        }
        secondsOfKind = Array(repeating: 0, count: kinds.count)
    }

    /// Rank 0's stage.
    var first: StageCost { kinds[kindOf[0]] }

    mutating func noteFirst(busy seconds: Double) { busy[0] += seconds }

    /// Forgets how busy everyone was.
    mutating func resetBusy() {
        for rank in busy.indices { (busy[rank], edgeBusy[rank]) = (0, 0) }
    }

    /// Takes a microbatch that leaves rank 0 at `time` around the ring.
    ///
    /// - Returns: When it is back.
    mutating func pass(_ microbatch: MicrobatchShape, from time: Double) -> Double {
        guard kindOf.count > 1 else { return time }
        for kind in kinds.indices { secondsOfKind[kind] = kinds[kind].seconds(microbatch) }
        let bytes = costs.frameBytes(rows: microbatch.rows)
        var time = time
        for rank in 1..<kindOf.count {
            time = max(cross(rank - 1, bytes: bytes, from: time), stageFree[rank])
            let seconds = secondsOfKind[kindOf[rank]]
            time += seconds
            stageFree[rank] = time
            busy[rank] += seconds
        }
        return cross(kindOf.count - 1, bytes: costs.frameBytes(rows: microbatch.logitRows), from: time)
    }

    private mutating func cross(_ edge: Int, bytes: Int, from time: Double) -> Double {
        let occupation = edges[edge].occupation(bytes: bytes)
        edgeFree[edge] = max(time, edgeFree[edge]) + occupation
        edgeBusy[edge] += occupation
        return edgeFree[edge] + edges[edge].delay
    }
}
