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

    /// Normalised hidden states `[rows, hiddenSize]`, or one row for each thread.
    let normed: UnsafeMutablePointer<Float>
    /// What a block adds to the hidden states: `[rows, hiddenSize]`.
    let update: UnsafeMutablePointer<Float>
    /// `[rows, headCount * headDim]`
    let queries: UnsafeMutablePointer<Float>
    /// `[rows, kvHeadCount * headDim]`, and the remainders' part.
    let keys: UnsafeMutablePointer<Float>
    /// `[rows, kvHeadCount * headDim]`, and the remainders' part.
    let values: UnsafeMutablePointer<Float>
    /// `[rows, headCount * headDim]`
    let attended: UnsafeMutablePointer<Float>
    /// `[rows, intermediateSize]`; the memory of the attention's buffers, which are done with by then.
    let gate: UnsafeMutablePointer<Float>
    let up: UnsafeMutablePointer<Float>

    /// `normed` quantized for integer weights before attention: a scale for 16 columns, and after all rows their
    /// remainders.
    let finelyNormed: Activations
    /// The same before the feed-forward network: a scale for 32 columns.
    let quantizedNormed: Activations
    let quantizedAttended: Activations
    /// A scale for 16 columns, since `gate` has outliers.
    let quantizedGate: Activations

    private let attentionScratchStride: Int
    private let attentionScratch: UnsafeMutablePointer<Float>
    /// For each thread, the first layer after which one of its rows was not finite.
    let failures: UnsafeMutablePointer<Int>
    private let threadCount: Int
    private let memory: [AlignedMemory]

    init(
        _ configuration: ModelConfiguration, layout: KVBlockLayout, rowCapacity: Int, pairCount: Int, threadCount: Int
    ) throws(MemoryError) {
        self.rowCapacity = rowCapacity
        self.threadCount = threadCount
        let hidden = configuration.hiddenSize
        let query = configuration.headCount * configuration.headDim
        let keyValue = configuration.kvHeadCount * configuration.headDim
        let intermediate = configuration.intermediateSize
        attentionScratchStride = layout.scratchFloatCount(
            queries: AttentionPlan.largestTile * (configuration.headCount / configuration.kvHeadCount))

        var memory: [AlignedMemory] = []
        func floats(_ count: Int) throws(MemoryError) -> UnsafeMutablePointer<Float> {
            let region = try AlignedMemory(byteCount: count * MemoryLayout<Float>.stride)
            memory.append(region)
            return region.start.assumingMemoryBound(to: Float.self)
        }
        cosines = try floats(rowCapacity * pairCount)
        sines = try floats(rowCapacity * pairCount)
        let normedRows = max(rowCapacity, threadCount)
        normed = try floats(normedRows * hidden)
        update = try floats(normedRows * hidden)
        let shared = try floats(rowCapacity * max(2 * query + 4 * keyValue, 2 * intermediate))
        queries = shared
        attended = queries + rowCapacity * query
        keys = attended + rowCapacity * query
        values = keys + 2 * rowCapacity * keyValue
        gate = shared
        up = gate + rowCapacity * intermediate
        attentionScratch = try floats(threadCount * attentionScratchStride)

        finelyNormed = try Activations(
            rowCapacity: 2 * normedRows, columnCapacity: hidden.roundedUp(to: 32), scaleColumns: 16)
        quantizedNormed = try Activations(rowCapacity: normedRows, columnCapacity: hidden.roundedUp(to: 32))
        quantizedAttended = try Activations(rowCapacity: rowCapacity, columnCapacity: query.roundedUp(to: 32))
        quantizedGate = try Activations(
            rowCapacity: rowCapacity, columnCapacity: intermediate.roundedUp(to: 32), scaleColumns: 16)
        self.memory = memory
        places = .allocate(capacity: rowCapacity)
        failures = .allocate(capacity: threadCount)
    }

    deinit {
        places.deallocate()
        failures.deallocate()
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

    @inline(__always)
    func attentionScratch(of worker: borrowing Worker) -> UnsafeMutablePointer<Float> {
        attentionScratch + worker.index * attentionScratchStride
    }
}

extension Int {
    func roundedUp(to multiple: Int) -> Int { (self + multiple - 1) / multiple * multiple }
}
