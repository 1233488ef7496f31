import Scheduling

/// The time of some work in closed form, for any partition: prompts fill the pipeline in chunks (each stage once, and the
/// slowest one for each chunk more), and a round of decode takes the way through all stages, or the slowest stage once for
/// each microbatch in flight where that is more. Where requests come all the time, a stage has prompts to do while others
/// decode: then the time is that of the stage with the most to do of both.
///
/// Hosts whose layers take times within 15 % of each other count as equal, so that no noise of a measurement moves layers.
/// How much of a stage's weights the last-level cache has depends on how many layers it is given.
public struct PipelineEstimate {
    private let chunks: Double
    private let rounds: Double
    private let flight: Double
    private let isContinuous: Bool
    private let hosts: [HostProfile]
    /// Which of `sums` each rank has.
    private let kindOf: [Int]
    private let sums: [LayerSums]
    /// Of the first n layers, and of the head.
    private let weightBytes: [Double]
    private let headBytes: Double
    /// The head for each chunk and each microbatch, read from memory and from the last-level cache.
    private let head: (fromMemory: PhaseSeconds, cached: PhaseSeconds)
    /// All edges, and the one that is busy longest.
    private let hops: PhaseSeconds
    private let slowestEdge: PhaseSeconds

    /// - Parameters:
    ///   - microbatches: in flight; nil: as many as suit the partition.
    ///   - partition: The one whose microbatches are taken; nil: an even one.
    public init(
        _ workload: Workload, on cluster: ClusterProfile, costs: CostModel, microbatches: Int?,
        around partition: Partition? = nil
    ) {
        let ranks = cluster.rankCount
        let hosts = cluster.crowdedHosts ?? cluster.hosts
        self.hosts = hosts
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

        var kinds: [LayerSums] = []
        var kindOf: [Int] = []
        var known: [(host: HostProfile, kind: Int)] = []
        for host in hosts {
            if let same = known.first(where: { $0.host.hasRates(of: host) }) {
                kindOf.append(same.kind)
                continue
            }
            let sums = LayerSums(costs, host, prompt: prompt, token: token)
            let kind = kinds.firstIndex(where: sums.isAlike)
            if kind == nil { kinds.append(sums) }
            kindOf.append(kind ?? kinds.count - 1)
            known.append((host, kindOf.last!))
        }
        self.kindOf = kindOf
        sums = kinds
        weightBytes = costs.shape.layers.reduce(into: [0]) { $0.append($0.last! + Double($1.byteCount)) }
        headBytes = Double(costs.shape.head.byteCount)

        let headsOfPrompts = Double(workload.sequences) / chunks
        func headSeconds(cachedShare: Double) -> PhaseSeconds {
            let cost = costs.stage(0..<0, hasHead: true, on: hosts[0], cachedShare: cachedShare)
            return PhaseSeconds(
                prefill: cost.headSeconds(1) * headsOfPrompts, decode: cost.headSeconds(token.logitRows))
        }
        head = (headSeconds(cachedShare: 0), headSeconds(cachedShare: 1))
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
        hops = PhaseSeconds(prefill: sum(prompt), decode: sum(token))
        slowestEdge = PhaseSeconds(prefill: largest(prompt), decode: largest(token))
    }

    /// Seconds of the whole work.
    public func seconds(_ layerCounts: [Int]) -> Double {
        var first = 0
        var (sum, longest) = (PhaseSeconds(), slowestEdge)
        var busiest = busy(slowestEdge)
        for (rank, count) in layerCounts.enumerated() {
            let layers = first..<first + count
            let share = cachedShare(rank, ofBytes: weightBytes[layers.upperBound] - weightBytes[layers.lowerBound])
            let stage = withHead(rank, sums[kindOf[rank]].seconds(layers, cachedShare: share), share)
            busiest = max(busiest, busy(stage))
            sum = sum + stage
            longest = longest.longest(stage)
            first += count
        }
        let once = sum + hops
        if isContinuous { return max(busiest, once.prefill + rounds * once.decode) }
        return once.prefill + (chunks - 1) * longest.prefill + rounds * max(once.decode, flight * longest.decode)
    }

    /// Seconds that `count` layers of average size keep a rank busy, at most once for each microbatch.
    func load(_ rank: Int, _ count: Int) -> Double {
        let all = weightBytes.count - 1
        let part = Double(count) / Double(all)
        let share = cachedShare(rank, ofBytes: weightBytes[all] * part)
        return busy(withHead(rank, sums[kindOf[rank]].seconds(0..<all, cachedShare: share) * part, share))
    }

    /// Seconds that a layer on this rank adds to the way through all stages.
    func pace(_ rank: Int) -> Double {
        let whole = sums[kindOf[rank]].whole
        return whole.prefill + rounds * whole.decode
    }

    /// The part of a rank's weights that its cache has, for layers of so many bytes.
    private func cachedShare(_ rank: Int, ofBytes bytes: Double) -> Double {
        hosts[rank].cachedShare(ofBytes: bytes + (rank == 0 ? headBytes : 0))
    }

    private func withHead(_ rank: Int, _ layers: PhaseSeconds, _ cachedShare: Double) -> PhaseSeconds {
        rank == 0 ? layers + head.fromMemory * (1 - cachedShare) + head.cached * cachedShare : layers
    }

    /// Seconds that all prompts and all decode take a stage or edge that needs so many for a chunk and a microbatch.
    private func busy(_ each: PhaseSeconds) -> Double { chunks * each.prefill + rounds * flight * each.decode }
}

extension HostProfile {
    /// Whether everything but name and memory is the same.
    fileprivate func hasRates(of other: HostProfile) -> Bool {
        var mine = self
        (mine.name, mine.memoryBytes) = (other.name, other.memoryBytes)
        return mine == other
    }
}
