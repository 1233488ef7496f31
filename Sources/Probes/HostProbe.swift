import Kernels
import Planning
import Tensors

/// How much time a probe may take.
public enum ProbeEffort: String, Sendable {
    /// Tenths of a second: what a start can spare.
    case quick
    /// Some tenths more, for figures that are to be trusted.
    case thorough

    var repetitions: Int { self == .quick ? 3 : 7 }
    /// Seconds of one measurement.
    var seconds: Double { self == .quick ? 0.006 : 0.02 }
    /// Bytes that a read of memory covers.
    ///
    /// - Parameter memory: Bytes that the rank may fill; nil: enough.
    func readByteCount(within memory: Int?) -> Int {
        ProbedMemory.bytes(self == .quick ? 1 << 26 : 1 << 29, of: memory)
    }

    /// Bytes of the weights that are multiplied: the more, the less counts how a reading begins.
    func weightByteCount(within memory: Int?) -> Int {
        ProbedMemory.bytes(self == .quick ? 1 << 25 : 1 << 27, of: memory)
    }

    /// Which of repeated measurements counts: the usual one, or where there are few the one that was disturbed least.
    func typical(_ seconds: [Double]) -> Double {
        self == .quick ? seconds.min()! : seconds.sorted()[seconds.count / 2]
    }
}

extension HostProfile {
    /// What this rank's threads can do with a model's kinds of weights, and the memory that it may fill.
    public static func measure(
        _ shape: ModelShape, name: String, memoryBytes: Int?, kvType: ElementType, kernels: KernelSet, threadCount: Int,
        effort: ProbeEffort
    ) throws -> HostProfile {
        let team = try ThreadTeam(threadCount: threadCount)
        let cold = try ColdMemory(byteCount: effort.readByteCount(within: memoryBytes), team: team)
        let cache = CacheProbe(cold, effort).curve(most: shape.weightByteCount)
        let curves = try shape.probedMatrices(effort).map { matrix in
            let probe = try MatrixProbe(
                type: matrix.type, columns: matrix.columns, kernels: kernels, team: team, cold: cold, effort: effort,
                memory: memoryBytes)
            let curve = probe.curve(effort)
            let cached = cache.map { _ in probe.cachedCurve(curve, effort) }
            return WeightCurve(type: matrix.type.name, columns: matrix.columns, curve: curve, cached: cached)
        }
        func rate(where isIncluded: (ElementType) -> Bool) -> Double? {
            curves.first { ElementType(named: $0.type).map(isIncluded) ?? false }.map { measured in
                2 * 96 / max(measured.curve.seconds(128) - measured.curve.seconds(32), 1e-15)
            }
        }
        let (integers, floats) = (rate { $0.isQuantized }, rate { !$0.isQuantized })
        var profile = HostProfile(
            name: name, threads: threadCount, memoryBytes: memoryBytes,
            readBandwidth: cold.readBandwidth(passes: effort.repetitions),
            integerRate: integers ?? floats! * 4, floatRate: floats)
        profile.cache = cache
        profile.weightCurves = curves
        let attention = try AttentionProbe(
            layout: KVBlockLayout(element: kvType, headDim: shape.headDim, valueDim: shape.valueDim),
            queriesPerKVHead: shape.headCount / shape.kvHeadCount, kernels: kernels, team: team, cold: cold,
            effort: effort)
        profile.attentionSeconds = attention.attentionSeconds
        profile.cachedSeconds = attention.cachedSeconds
        profile.elementSeconds = try ElementProbe.measure(
            kernels: kernels, team: team, effort: effort)
        if threadCount > 1 {
            profile.barrierSeconds = try BarrierCost.measure(threadCount: threadCount, batches: 4) / 2
        }
        return profile
    }
}

extension ModelShape {
    /// The largest of the layers' matrices of each type, and where there is time of each width; and the head, unless its
    /// like is among them.
    fileprivate func probedMatrices(_ effort: ProbeEffort) -> [MatrixShape] {
        func isAlike(_ one: MatrixShape, _ other: MatrixShape) -> Bool {
            one.type == other.type && (effort == .quick || one.columns == other.columns)
        }
        var chosen: [MatrixShape] = []
        for matrix in layers.flatMap(\.matrices) {
            if let known = chosen.firstIndex(where: { isAlike($0, matrix) }) {
                if chosen[known].elementCount < matrix.elementCount { chosen[known] = matrix }
            } else {
                chosen.append(matrix)
            }
        }
        return chosen.contains { isAlike($0, head) } ? chosen : chosen + [head]
    }
}
