import Scheduling

/// The time of some work in closed form, for any partition: prompts fill the pipeline in chunks (each stage once, and the
/// slowest one for each chunk more), and a round of decode takes the way through all stages, or the slowest stage once for
/// each microbatch in flight where that is more. Where requests come all the time, a stage has prompts to do while others
/// decode: then the time is that of the stage with the most to do of both.
///
/// Hosts whose layers take times within 15 % of each other count as equal, so that no noise of a measurement moves layers.
public struct PipelineEstimate {
    private let chunks: Double
    private let rounds: Double
    private let flight: Double
    private let isContinuous: Bool
    /// Which kind of host each rank is.
    private let kindOf: [Int]
    /// Seconds of the first n layers, by kind of host: [kind][n].
    private let prefill: [[Double]]
    private let decode: [[Double]]
    /// Seconds of the head for each chunk and each microbatch.
    private let head: (prefill: Double, decode: Double)
    /// Seconds of all edges, and of the one that is busy longest.
    private let hops: (prefill: Double, decode: Double)
    private let slowestEdge: (prefill: Double, decode: Double)

    static let tolerance = 1.15

    /// - Parameters:
    ///   - microbatches: in flight; nil: as many as suit the partition.
    ///   - partition: The one whose microbatches are taken; nil: an even one.
    public init(
        _ workload: Workload, on cluster: ClusterProfile, costs: CostModel, microbatches: Int?,
        around partition: Partition? = nil
    ) {
        let ranks = cluster.rankCount
        let hosts = cluster.crowdedHosts ?? cluster.hosts
        let promptRows = workload.promptTokens * workload.sequences
        let depth = workload.promptTokens + workload.generateTokens / 2
        let ring = (partition ?? (try? Partition(even: costs.shape.layers.count, ranks: ranks))).map {
            RingCosts(costs.stages($0, on: hosts), edges: cluster.edges, costs: costs)
        }
        let advised = ranks == 1 ? nil : ring?.promptRows(tokens: promptRows, depth: Double(workload.promptTokens) / 2)
        let chunk = min(workload.chunk ?? advised ?? costs.rowCapacity, promptRows)
        chunks = (Double(promptRows) / Double(chunk)).rounded(.up)
        rounds = Double(workload.generateTokens - 1)
        let prompt = MicrobatchShape.prefill(
            rows: chunk, from: max(0, (workload.promptTokens - chunk) / 2), isLast: true)
        let best = ranks == 1 ? 1 : ring?.decodingFlight(sequences: workload.sequences, depth: Double(depth))
        let flight = min(microbatches ?? best ?? ranks, workload.sequences)
        self.flight = Double(flight)
        isContinuous = workload.isContinuous && workload.sequences > 1
        let token = MicrobatchShape.decode(sequences: (workload.sequences + flight - 1) / flight, depth: depth)

        var kinds: [(prefill: [Double], decode: [Double])] = []
        var kindOf: [Int] = []
        var known: [(host: HostProfile, kind: Int)] = []
        for host in hosts {
            if let same = known.first(where: { $0.host.hasRates(of: host) }) {
                kindOf.append(same.kind)
                continue
            }
            let sums = Self.sums(costs, host, prompt, token)
            let kind = kinds.firstIndex {
                Self.isAlike($0.prefill, sums.prefill) && Self.isAlike($0.decode, sums.decode)
            }
            if kind == nil { kinds.append(sums) }
            kindOf.append(kind ?? kinds.count - 1)
            known.append((host, kindOf.last!))
        }
        self.kindOf = kindOf
        prefill = kinds.map(\.prefill)
        decode = kinds.map(\.decode)

        let first = costs.stage(0..<0, hasHead: true, on: hosts[0])
        head = (first.headSeconds(1) * Double(workload.sequences) / chunks, first.headSeconds(token.logitRows))
        let edges = ranks > 1 ? cluster.edges : []
        func bytes(_ shape: MicrobatchShape, _ rank: Int) -> Int {
            costs.frameBytes(rows: rank == ranks - 1 ? shape.logitRows : shape.rows)
        }
        func sum(_ shape: MicrobatchShape) -> Double {
            edges.indices.reduce(0) { $0 + edges[$1].seconds(bytes: bytes(shape, $1)) }
        }
        func largest(_ shape: MicrobatchShape) -> Double {
            edges.indices.map { edges[$0].occupation(bytes: bytes(shape, $0)) }.max() ?? 0
        }
        hops = (sum(prompt), sum(token))
        slowestEdge = (largest(prompt), largest(token))
    }

    /// Seconds of the whole work.
    public func seconds(_ layerCounts: [Int]) -> Double {
        var first = 0
        var (sum, longest) = ((prefill: 0.0, decode: 0.0), slowestEdge)
        var busiest = busy(slowestEdge)
        for (rank, count) in layerCounts.enumerated() {
            let stage = stage(rank, first..<first + count)
            busiest = max(busiest, busy(stage))
            sum = (sum.prefill + stage.prefill, sum.decode + stage.decode)
            longest = (max(longest.prefill, stage.prefill), max(longest.decode, stage.decode))
            first += count
        }
        let oneRequest = sum.prefill + hops.prefill + rounds * (sum.decode + hops.decode)
        if isContinuous { return max(busiest, oneRequest) }
        let prompts = sum.prefill + hops.prefill + (chunks - 1) * longest.prefill
        return prompts + rounds * max(sum.decode + hops.decode, flight * longest.decode)
    }

    /// Seconds that `count` layers of average size keep a rank busy, at most once for each microbatch.
    func load(_ rank: Int, _ count: Int) -> Double {
        let share = Double(count) / Double(prefill[0].count - 1)
        let own = (prefill: prefill[kindOf[rank]].last! * share, decode: decode[kindOf[rank]].last! * share)
        let extra = rank == 0 ? head : (prefill: 0, decode: 0)
        return busy((own.prefill + extra.prefill, own.decode + extra.decode))
    }

    /// Seconds that all prompts and all decode take a stage or edge that needs so many for a chunk and a microbatch.
    private func busy(_ each: (prefill: Double, decode: Double)) -> Double {
        chunks * each.prefill + rounds * flight * each.decode
    }

    /// Seconds that a layer on this rank adds to the way through all stages.
    func pace(_ rank: Int) -> Double {
        prefill[kindOf[rank]].last! + rounds * decode[kindOf[rank]].last!
    }

    private func stage(_ rank: Int, _ layers: Range<Int>) -> (prefill: Double, decode: Double) {
        let kind = kindOf[rank]
        let extra = rank == 0 ? head : (prefill: 0, decode: 0)
        return (
            prefill[kind][layers.upperBound] - prefill[kind][layers.lowerBound] + extra.prefill,
            decode[kind][layers.upperBound] - decode[kind][layers.lowerBound] + extra.decode
        )
    }

    private static func sums(
        _ costs: CostModel, _ host: HostProfile, _ prompt: MicrobatchShape, _ token: MicrobatchShape
    ) -> (prefill: [Double], decode: [Double]) {
        var sums = (prefill: [0.0], decode: [0.0])
        var last: (layer: LayerShape, prefill: Double, decode: Double)?
        for (index, layer) in costs.shape.layers.enumerated() {
            if last?.layer != layer {
                let cost = costs.stage(index..<index + 1, hasHead: false, on: host)
                last = (layer, cost.seconds(prompt), cost.seconds(token))
            }
            sums.prefill.append(sums.prefill.last! + last!.prefill)
            sums.decode.append(sums.decode.last! + last!.decode)
        }
        return sums
    }

    private static func isAlike(_ a: [Double], _ b: [Double]) -> Bool {
        max(a.last!, b.last!) <= tolerance * min(a.last!, b.last!)
    }
}

extension HostProfile {
    /// Whether everything but name and memory is the same.
    fileprivate func hasRates(of other: HostProfile) -> Bool {
        var mine = self
        (mine.name, mine.memoryBytes) = (other.name, other.memoryBytes)
        return mine == other
    }
}
