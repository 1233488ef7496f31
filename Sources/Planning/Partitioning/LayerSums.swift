/// What any range of layers takes on a host, from sums over the first ones.
struct LayerSums {
    /// The first n layers with all weights from memory, and with all of them from the last-level cache.
    private var fromMemory = [PhaseSeconds()]
    private var cached = [PhaseSeconds()]

    /// Hosts whose layers take times within 15 % of each other count as equal.
    static let tolerance = 1.15

    init(_ costs: CostModel, _ host: HostProfile, prompt: MicrobatchShape, token: MicrobatchShape) {
        func seconds(_ index: Int, cachedShare: Double) -> PhaseSeconds {
            let cost = costs.stage(index..<index + 1, hasHead: false, on: host, cachedShare: cachedShare)
            return PhaseSeconds(prefill: cost.seconds(prompt), decode: cost.seconds(token))
        }
        var last: (layer: LayerShape, fromMemory: PhaseSeconds, cached: PhaseSeconds)?
        for (index, layer) in costs.shape.layers.enumerated() {
            if last?.layer != layer {
                last = (layer, seconds(index, cachedShare: 0), seconds(index, cachedShare: 1))
            }
            fromMemory.append(fromMemory.last! + last!.fromMemory)
            cached.append(cached.last! + last!.cached)
        }
    }

    /// Where the cache has `cachedShare` of their weights.
    func seconds(_ layers: Range<Int>, cachedShare: Double) -> PhaseSeconds {
        func between(_ sums: [PhaseSeconds]) -> PhaseSeconds { sums[layers.upperBound] - sums[layers.lowerBound] }
        return between(fromMemory) * (1 - cachedShare) + between(cached) * cachedShare
    }

    /// Of all layers, with weights from memory.
    var whole: PhaseSeconds { fromMemory.last! }

    func isAlike(_ other: LayerSums) -> Bool {
        func isNear(_ a: Double, _ b: Double) -> Bool { max(a, b) <= Self.tolerance * min(a, b) }
        return isNear(whole.prefill, other.whole.prefill) && isNear(whole.decode, other.whole.decode)
    }
}
