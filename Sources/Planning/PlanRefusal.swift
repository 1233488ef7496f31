import Figures
import Tensors

/// A model that does not fit its hosts, and what would: each advice was computed, none is a guess.
public struct PlanRefusal: Error, Sendable, Equatable, CustomStringConvertible {
    /// What does not fit.
    public let problem: String
    /// What would, the least change first; may be empty.
    public let advice: [String]
    /// Whether not even one sequence of 64 tokens would fit: then the model is too large, not what is asked for.
    public let isOfModel: Bool

    public var description: String {
        guard !advice.isEmpty else { return "\(problem); no single change is enough" }
        return "\(problem); what would fit: \(advice.joined(separator: ", or "))"
    }

    init(_ request: PlanRequest) {
        problem = Self.problem(request)
        var least = request
        (least.sequences, least.context, least.partition) = ([1], 64, nil)
        isOfModel =
            request.cluster.rankCount <= request.shape.layers.count && least.findPartition() == nil
        advice = request.cluster.rankCount > request.shape.layers.count ? [] : Self.advice(request)
    }

    private static func problem(_ request: PlanRequest) -> String {
        let (ranks, layers) = (request.cluster.rankCount, request.shape.layers.count)
        if ranks > layers {
            return "\(ranks) ranks are too many for a model of \(layers) layers: plan for \(layers) or fewer"
        }
        let demand = request.demand
        let all = 0..<request.shape.layers.count
        let need = Double(demand.weightBytes(all, rank: 0)) + Double(demand.kvBytes(layerCount: all.count))
        let have = request.cluster.hosts.reduce(0) { $0 + Double($1.memoryBytes ?? 0) }
        let count = request.sequences.max()!
        let place = request.partition.map { " with the partition \($0)" } ?? ""
        return
            "the model with \(count) \(count == 1 ? "sequence" : "sequences") of \(request.context) tokens does not fit"
            + "\(place): weights, keys and values take \(need.gibibytes), "
            + (ranks == 1
                ? "and \(request.cluster.hosts[0].name) has \(have.gibibytes)"
                : "and the \(ranks) ranks have \(have.gibibytes)")
    }

    private static func advice(_ request: PlanRequest) -> [String] {
        var advice: [String] = []
        func isEnough(_ change: (inout PlanRequest) -> Void) -> Bool {
            var changed = request
            change(&changed)
            return changed.findPartition() != nil
        }
        if request.partition != nil, isEnough({ $0.partition = nil }) { advice.append("no --partition") }
        if let count = largest(below: request.sequences.max()!, where: { count in isEnough { $0.sequences = [count] } })
        {
            advice.append("--sequences \(count)")
        }
        if let blocks = largest(below: (request.context + 63) / 64, where: { n in isEnough { $0.context = 64 * n } }) {
            advice.append("--context \(64 * blocks)")
        }
        if request.kvType != .q8_0, isEnough({ $0.kvType = .q8_0 }) { advice.append("--kv-type q8_0") }
        if let type = request.shape.smallerTypes.first(where: { type in isEnough { $0.shape.requantize(type) } }) {
            advice.append("the model in \(type.name)")
        }
        if let count = (1...max(1, request.shape.layers.count - request.cluster.rankCount)).first(where: { count in
            isEnough { $0.addHosts(count) }
        }) {
            let host = request.cluster.hosts.last!
            advice.append(
                "\(count) more \(count == 1 ? "host" : "hosts") of \(Double(host.memoryBytes ?? 0).gibibytes)")
        }
        return advice
    }

    /// The largest number from 1 up to `limit` - 1 for which `isEnough` holds; where it holds, it does for all below.
    private static func largest(below limit: Int, where isEnough: (Int) -> Bool) -> Int? {
        guard limit > 1, isEnough(1) else { return nil }
        var (low, high) = (1, limit)
        while high - low > 1 {
            let middle = (low + high) / 2
            if isEnough(middle) { low = middle } else { high = middle }
        }
        return low
    }
}

extension PlanRequest {
    /// Adds hosts like the last one; a partition given by hand is for fewer.
    fileprivate mutating func addHosts(_ count: Int) {
        partition = nil
        cluster.hosts += Array(repeating: cluster.hosts.last!, count: count)
        cluster.edges += Array(repeating: cluster.edges.last!, count: count)
        if let last = cluster.crowdedHosts?.last { cluster.crowdedHosts! += Array(repeating: last, count: count) }
    }
}

extension ModelShape {
    /// Types that take less memory than the layers' weights do, the largest first.
    fileprivate var smallerTypes: [ElementType] {
        let matrices = layers[0].matrices
        let bytes = matrices.reduce(0) { $0 + Double($1.byteCount) }
        let elements = matrices.reduce(0) { $0 + Double($1.elementCount) }
        let types: [ElementType] = [.q8_0, .q6_K, .q5_K, .q4_K, .q4_0]
        return types.filter { $0.bytesPerElement < bytes / elements * 0.99 }
    }

    /// Gives all matrices of the layers this type.
    fileprivate mutating func requantize(_ type: ElementType) {
        for index in layers.indices {
            let before = layers[index].matrices.reduce(0) { $0 + $1.byteCount }
            for matrix in layers[index].matrices.indices { layers[index].matrices[matrix].type = type }
            layers[index].byteCount += layers[index].matrices.reduce(0) { $0 + $1.byteCount } - before
        }
        if head.type.bytesPerElement > type.bytesPerElement, !head.type.isQuantized { head.type = .q8_0 }
    }
}
