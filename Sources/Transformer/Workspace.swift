import Kernels
import Microbatches
import ModelFiles
import Tensors

/// The buffers of one forward pass, made once for the largest microbatch. Rows are contiguous.
final class Workspace: @unchecked Sendable {
    /// Where one row of the microbatch stands in its sequence.
    struct Place {
        var slot: Int
        var position: Int
    }

    let rowCapacity: Int
    private(set) var rowCount = 0
    let places: UnsafeMutablePointer<Place>

    /// The angles of each row: `[rows, pairCount]`.
    let cosines: UnsafeMutablePointer<Float>
    let sines: UnsafeMutablePointer<Float>

    /// Normed hidden states `[rows, hiddenSize]`, or one row for each worker.
    let normed: UnsafeMutablePointer<Float>
    /// What a block adds to the hidden states: `[rows, hiddenSize]`.
    let update: UnsafeMutablePointer<Float>
    /// `[rows, headCount * headDim]`
    let queries: UnsafeMutablePointer<Float>
    /// `[rows, kvHeadCount * headDim]`, and the remainders' part.
    let keys: UnsafeMutablePointer<Float>
    /// `[rows, kvHeadCount * valueDim]`, and the remainders' part.
    let values: UnsafeMutablePointer<Float>
    /// `[rows, headCount * valueDim]`
    let attended: UnsafeMutablePointer<Float>
    /// `[rows, intermediateSize]`; the memory of the attention's buffers, which are done with by then.
    let gate: UnsafeMutablePointer<Float>
    let up: UnsafeMutablePointer<Float>

    // The same rows as integer weights meet them.

    /// `normed` before attention: the remainders follow the rows, or each row where every worker has one of its own.
    let attentionInput: Activations
    /// `normed` before the feed-forward network.
    let feedForwardInput: Activations
    let quantizedAttended: Activations
    let quantizedGate: Activations

    /// How far each block of a gated row reaches: `[rows, intermediateSize / 32]`.
    let gateReaches: UnsafeMutablePointer<Float>

    /// For each row of ``normed`` whether the hidden states that it is the norm of were concentrated.
    private let concentrated: UnsafeMutablePointer<Bool>
    /// For each worker ``OutlierRoom``.
    private let outlierRooms: UnsafeMutableRawPointer
    private let reachStride: Int
    private let attentionScratchStride: Int
    private let attentionScratch: UnsafeMutablePointer<Float>
    /// For each worker, the first layer after which some of its columns of a row were not finite.
    private let failures: UnsafeMutablePointer<Int>
    private let threadCount: Int
    private let memory: [AlignedMemory]

    init(
        _ configuration: ModelConfiguration, layout: KVBlockLayout, rowCapacity: Int, pairCount: Int, threadCount: Int
    ) throws(MemoryError) {
        self.rowCapacity = rowCapacity
        self.threadCount = threadCount
        attentionScratchStride = layout.scratchFloatCount(
            queries: AttentionPlan.largestTile * (configuration.headCount / configuration.kvHeadCount))

        var memory: [AlignedMemory] = []
        func floats(_ count: Int) throws(MemoryError) -> UnsafeMutablePointer<Float> {
            let region = try AlignedMemory(byteCount: count * MemoryLayout<Float>.stride)
            memory.append(region)
            return region.start.assumingMemoryBound(to: Float.self)
        }
        /// Floats of a product with all rows, the remainders' part included.
        func product(_ role: WeightRole) -> Int {
            rowCapacity * role.rule.product!.precision.rowsPerRow * role.rule.rows!.size(configuration)
        }
        /// Room for rows that are multiplied with all of `roles`.
        func activations(for roles: WeightRole..., rows: Int) throws(MemoryError) -> Activations {
            let precision = ActivationPrecision.shared(by: roles)
            return try Activations(
                rowCapacity: precision.rowsPerRow * rows,
                columnCapacity: roles[0].rule.columns.size(configuration).roundedUp(to: 32),
                scaleColumns: precision.scaleColumns)
        }
        cosines = try floats(rowCapacity * pairCount)
        sines = try floats(rowCapacity * pairCount)
        let normedRows = max(rowCapacity, threadCount)
        normed = try floats(normedRows * configuration.hiddenSize)
        update = try floats(max(normedRows * configuration.hiddenSize, product(.wo), product(.wDown)))
        let attendedCount = rowCapacity * Width.attended.size(configuration)
        let shared = try floats(
            max(
                product(.wq) + attendedCount + product(.wk) + product(.wv), product(.wGate) + product(.wUp)))
        queries = shared
        attended = queries + product(.wq)
        keys = attended + attendedCount
        values = keys + product(.wk)
        gate = shared
        up = gate + product(.wGate)
        attentionScratch = try floats(threadCount * attentionScratchStride)
        gateReaches = try floats(rowCapacity * (configuration.intermediateSize.roundedUp(to: 32) / 32))
        reachStride = (max(configuration.hiddenSize, configuration.intermediateSize) / 32).roundedUp(to: 16)
        outlierRooms = UnsafeMutableRawPointer(
            try floats(threadCount * OutlierRoom.byteCount(reachStride: reachStride) / 4))

        attentionInput = try activations(for: .wq, .wk, .wv, rows: normedRows)
        feedForwardInput = try activations(for: .wGate, .wUp, rows: normedRows)
        quantizedAttended = try activations(for: .wo, rows: rowCapacity)
        quantizedGate = try activations(for: .wDown, rows: rowCapacity)
        self.memory = memory
        places = .allocate(capacity: rowCapacity)
        failures = .allocate(capacity: threadCount)
        concentrated = .allocate(capacity: normedRows)
    }

    deinit {
        places.deallocate()
        failures.deallocate()
        concentrated.deallocate()
    }

    /// Takes note of the rows of `spans` and forgets the failures of the pass before.
    func begin(_ spans: Spans) {
        rowCount = 0
        for span in spans {
            for offset in 0..<Int(span.count) {
                places[rowCount] = Place(slot: Int(span.slot), position: Int(span.firstPosition) + offset)
                rowCount += 1
            }
        }
        for thread in 0..<threadCount { failures[thread] = .max }
    }

    /// The first layer after which some row was not finite.
    var failedLayer: Int? {
        var first = Int.max
        for thread in 0..<threadCount { first = min(first, failures[thread]) }
        return first == .max ? nil : first
    }

    /// Takes note that a worker's columns of a row are not finite after `layer`.
    func noteFailure(in layer: Int, by worker: borrowing Worker) {
        failures[worker.index] = min(failures[worker.index], layer)
    }

    /// Which row of ``normed`` and ``update`` is a worker's own, where there are fewer rows than workers.
    @inline(__always)
    func ownRow(of worker: borrowing Worker) -> Int { worker.index }

    /// Where a worker notes and finds the outliers of rows of ``normed`` from `place` on.
    @inline(__always)
    func outliers(from place: Int, of worker: borrowing Worker) -> Outliers {
        Outliers(
            concentrated: concentrated + place,
            room: OutlierRoom(
                outlierRooms + worker.index * OutlierRoom.byteCount(reachStride: reachStride),
                reachStride: reachStride))
    }

    @inline(__always)
    func attentionScratch(of worker: borrowing Worker) -> UnsafeMutablePointer<Float> {
        attentionScratch + worker.index * attentionScratchStride
    }
}

extension Int {
    func roundedUp(to multiple: Int) -> Int { (self + multiple - 1) / multiple * multiple }
}
