extension Partition {
    /// The split whose slowest stage is as fast as it can be, with the output head on rank 0 and at least one layer on
    /// every rank.
    ///
    /// The smallest possible cost of the slowest stage is found exactly, by bisection over whole numbers of bytes.
    /// Within it each rank in turn takes the fewest layers that reach an even share of what is left, or more where the
    /// ranks after it could not hold the rest.
    public init(balancing costs: LayerCosts, ranks: Int) throws(PartitionError) {
        guard ranks >= 1, ranks <= costs.layers.count else {
            throw .tooManyRanks(ranks: ranks, layerCount: costs.layers.count)
        }
        let packing = Packing(costs: costs, ranks: ranks)
        let bound = packing.smallestBound()
        var counts: [Int] = []
        var next = 0
        for rank in 0..<ranks {
            let count = packing.layers(of: rank, from: next, within: bound)
            counts.append(count)
            next += count
        }
        self.init(unchecked: counts)
    }
}

/// Filling ranks with layers in order without exceeding a bound on the cost of any one.
private struct Packing {
    let costs: LayerCosts
    let ranks: Int

    /// The least bound under which all layers fit.
    func smallestBound() -> Int {
        var low = 0
        var high = costs.layers.reduce(costs.head, +)
        while low < high {
            let middle = low + (high - low) / 2
            if fits(from: 0, rank: 0, within: middle) { high = middle } else { low = middle + 1 }
        }
        return low
    }

    /// How many layers `rank` takes of those from `first` on.
    func layers(of rank: Int, from first: Int, within bound: Int) -> Int {
        let later = ranks - rank - 1
        if later == 0 { return costs.layers.count - first }
        let base = rank == 0 ? costs.head : 0
        let left = costs.layers[first...].reduce(base, +)
        var count = 1
        var cost = base + costs.layers[first]
        while first + count < costs.layers.count - later, cost + costs.layers[first + count] <= bound {
            let hasShare = cost >= left / (later + 1) + (left % (later + 1) == 0 ? 0 : 1)
            if hasShare, fits(from: first + count, rank: rank + 1, within: bound) { break }
            cost += costs.layers[first + count]
            count += 1
        }
        return count
    }

    /// Whether the layers from `first` on fit on `rank` and those after it. Fewer ranks than there are will do: a stage
    /// that is cut in two never costs more.
    private func fits(from first: Int, rank: Int, within bound: Int) -> Bool {
        var rank = rank
        var cost = rank == 0 ? costs.head : 0
        var isEmpty = true
        for layer in costs.layers[first...] {
            if !isEmpty, cost + layer > bound {
                rank += 1
                cost = 0
            }
            cost += layer
            isEmpty = false
            if cost > bound || rank >= ranks { return false }
        }
        return true
    }
}
