import Figures
import Planning
import Ring

/// What was measured beside what was predicted, and why they differ.
public struct Explanation: Sendable {
    public let prediction: Prediction
    /// What limits prefill and decode, as measured.
    public let prefillBottleneck: Bottleneck
    public let decodeBottleneck: Bottleneck
    /// Why decode and prefill are not as predicted, as a sentence each; nil where they are.
    public let prefillCause: String?
    public let decodeCause: String?

    /// Both bottlenecks in words.
    public func bottleneck(_ facts: JobFacts) -> String {
        let (prefill, decode) = (prefillBottleneck.description(facts.hosts), decodeBottleneck.description(facts.hosts))
        return prefill == decode ? decode : "decode: \(decode); prefill: \(prefill)"
    }

    /// Both causes; nil where all is as predicted.
    public var cause: String? {
        let causes = [prefillCause, decodeCause].compactMap { $0 }
        return causes.isEmpty ? nil : causes.joined(separator: "; ")
    }

    /// Rates within this factor of each other count as equal.
    private static let tolerance = 1.15

    init(_ benchmark: Benchmark, _ prediction: Prediction, hosts: [String]) {
        self.prediction = prediction
        let prefill = benchmark.medianPrefill
        let decode = benchmark.medianDecode
        let prefillPhase = Phase(
            name: "prefill", seconds: prefill.timesToFirstToken.max() ?? 0, stages: prefill.prefillStages,
            costs: prediction.prefillStages, predicted: prediction.prefill)
        let decodePhase = Phase(
            name: "decode", seconds: decode.decodeSeconds, stages: decode.stages, costs: prediction.decodeStages,
            predicted: prediction.decode)
        prefillBottleneck = prefillPhase.bottleneck(edges: prediction.edges)
        decodeBottleneck = decodePhase.bottleneck(edges: prediction.edges)
        prefillCause = prefillPhase.cause(hosts, tolerance: Self.tolerance)
        decodeCause = decodePhase.cause(hosts, tolerance: Self.tolerance)
    }
}

extension Benchmark {
    /// Compares with what was predicted for the same work.
    public func explanation(_ prediction: Prediction, _ facts: JobFacts) -> Explanation {
        Explanation(self, prediction, hosts: facts.hosts)
    }

    var medianPrefill: Measurement { median(\.prefillRate) }
    var medianDecode: Measurement { median(\.decodeRate) }

    private func median(_ rate: (Measurement) -> Double) -> Measurement {
        measurements.sorted { rate($0) < rate($1) }[measurements.count / 2]
    }
}

/// One phase of a measured run beside the same phase predicted.
private struct Phase {
    let name: String
    /// As measured.
    let seconds: Double
    let stages: [StageTimes]
    let costs: [StageCost]
    let predicted: SimulatedOutcome

    /// Where the measured time went; of edges only what is predicted is known, and the time in which no stage computes.
    func bottleneck(edges: [LinkProfile]) -> Bottleneck {
        let shares = stages.map { $0.compute / seconds }
        let rate = Double(predicted.microbatches) / seconds
        var edgeShares =
            stages.count > 1
            ? zip(edges, predicted.edgeBusy).map { ($1 + $0.delay * Double(predicted.microbatches)) / seconds } : [0]
        let idle = 1 - shares.reduce(0, +)
        let known = edgeShares.reduce(0, +)
        if idle > known, known > 0 { edgeShares = edgeShares.map { $0 * idle / known } }
        return Bottleneck(
            stageShares: shares, edgeShares: edgeShares,
            readShares: costs.map { ($0.readSeconds + $0.headReadSeconds) * rate })
    }

    func cause(_ hosts: [String], tolerance: Double) -> String? {
        let ratio = seconds / predicted.seconds
        guard ratio > tolerance || ratio * tolerance < 1 else { return nil }
        let slower = ratio > 1
        let gap = seconds - predicted.seconds
        let differences = zip(stages, predicted.busy).map { $0.compute - $1 }
        let signed = slower ? differences : differences.map { -$0 }
        let rank = signed.indices.max { signed[$0] < signed[$1] }!
        let beginning = "\(name) took \(ratio.times) times what was predicted"
        // A stage that is busy all the time explains the gap by itself, stages in turn by their sum.
        let inStages = max(abs(differences[rank]), abs(differences.reduce(0, +)) / Double(inTurn ? 1 : stages.count))
        if inStages >= 0.5 * abs(gap) {
            let place = hosts.count == 1 ? hosts[0] : "rank \(rank) on \(hosts[rank])"
            return
                "\(beginning): \(place) computed \((stages[rank].compute / predicted.busy[rank]).times) times as long"
                + (slower ? reason(rank) : "")
        }
        let share = stages.map(\.compute).reduce(0, +) / predicted.busy.reduce(0, +)
        return
            "\(beginning): stages computed \(share.times) times as long, the rest is messages and waiting for them"
    }

    /// What may have made a stage slower than its host was when it was measured.
    private func reason(_ rank: Int) -> String {
        let share = costs[rank].cachedShare
        guard share >= Self.leastShare else { return "; other programs may share its cores or memory" }
        return
            "; other programs may share its cores, its memory or the last-level cache, which had \((100 * share).decimal(0)) % "
            + "of its weights when that was measured"
    }

    /// With less of its weights in the cache, a stage loses little where they are not.
    private static let leastShare = 0.1

    /// Whether stages compute one after the other.
    private var inTurn: Bool { predicted.utilization.reduce(0, +) < 1.25 }
}

extension Double {
    /// The number before "times"; what is not to be told by a number is many.
    fileprivate var times: String { isFinite && magnitude < 1e12 ? decimal(2) : "many" }
}
