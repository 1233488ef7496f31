import Kernels
import Microbatches
import ModelFiles
import Tensors

/// The keys and values of a range of layers, in blocks of 64 positions that belong to no sequence by themselves
/// (paged attention, Kwon et al. 2023).
///
/// A sequence lives in a *slot*, whose table names its blocks in the order of their positions. Block numbers are common
/// to all stages; ``apply(_:)`` makes rank 0's changes. Blocks stand in the order [layer][block][KV head]. Memory is
/// reserved at once and costs nothing until positions are filled.
public final class KVCache: @unchecked Sendable {
    public let type: KVType
    public let capacity: KVCapacity

    let layout: KVBlockLayout
    private let layerCount: Int
    private let kvHeadCount: Int
    private let memory: AlignedMemory
    /// [slot][position / 64]
    private let tables: UnsafeMutablePointer<Int32>
    private let tableCounts: UnsafeMutablePointer<Int>

    /// - Parameter layerCount: How many layers this stage owns.
    public init(
        layerCount: Int, configuration: ModelConfiguration, type: KVType, capacity: KVCapacity
    ) throws(MemoryError) {
        self.type = type
        self.capacity = capacity
        self.layerCount = layerCount
        kvHeadCount = configuration.kvHeadCount
        layout = Self.layout(configuration, type)
        memory = try AlignedMemory(byteCount: layerCount * capacity.blockCount * kvHeadCount * layout.byteCount)
        tables = .allocate(capacity: capacity.slotCount * capacity.blocksPerSlot)
        tables.initialize(repeating: 0, count: capacity.slotCount * capacity.blocksPerSlot)
        tableCounts = .allocate(capacity: capacity.slotCount)
        tableCounts.initialize(repeating: 0, count: capacity.slotCount)
    }

    deinit {
        tables.deallocate()
        tableCounts.deallocate()
    }

    /// Reserved bytes.
    public var byteCount: Int { memory.bytes.count }

    /// Bytes of one block in one layer.
    public static func blockByteCount(_ configuration: ModelConfiguration, type: KVType) -> Int {
        configuration.kvHeadCount * layout(configuration, type).byteCount
    }

    private static func layout(_ configuration: ModelConfiguration, _ type: KVType) -> KVBlockLayout {
        KVBlockLayout(
            element: type.elementType, headDim: configuration.headDim, valueDim: configuration.valueDim)
    }

    /// Makes `operations` in their order; false when one of them makes no sense, and then the cache is not to be used.
    public func apply(_ operations: KVOperations) -> Bool {
        for operation in operations {
            guard let kind = operation.kind, isPossible(operation, kind) else { return false }
            let slot = Int(operation.slot)
            switch kind {
            case .append:
                tables[slot * capacity.blocksPerSlot + tableCounts[slot]] = operation.value
                tableCounts[slot] += 1
            case .truncate: tableCounts[slot] = Int(operation.value)
            case .copy: copy(Int(operation.value), to: Int(operation.target))
            }
        }
        return true
    }

    /// Whether the tables hold blocks for all positions of `spans`.
    public func covers(_ spans: Spans) -> Bool {
        spans.allSatisfy { span in
            let slot = Int(span.slot)
            guard (0..<capacity.slotCount).contains(slot), span.firstPosition >= 0, span.count > 0 else { return false }
            let end = Int(span.firstPosition) + Int(span.count)
            return end <= tableCounts[slot] * KVBlockLayout.positionCount && (0...span.count).contains(span.logitRows)
        }
    }

    /// The blocks of one sequence, layer (counted from the stage's first) and KV head.
    @inline(__always)
    func blocks(layer: Int, slot: Int, kvHead: Int) -> KVBlocks {
        let first = (layer * capacity.blockCount * kvHeadCount + kvHead) * layout.byteCount
        return KVBlocks(
            start: memory.start + first, stride: kvHeadCount * layout.byteCount,
            table: tables + slot * capacity.blocksPerSlot)
    }

    private func isPossible(_ operation: KVOperation, _ kind: KVOperation.Kind) -> Bool {
        let (slots, blocks) = (0..<Int32(capacity.slotCount), 0..<Int32(capacity.blockCount))
        switch kind {
        case .append:
            return slots.contains(operation.slot) && blocks.contains(operation.value)
                && tableCounts[Int(operation.slot)] < capacity.blocksPerSlot
        case .truncate:
            return slots.contains(operation.slot)
                && (0...tableCounts[Int(operation.slot)]).contains(Int(operation.value))
        case .copy: return blocks.contains(operation.value) && blocks.contains(operation.target)
        }
    }

    private func copy(_ block: Int, to target: Int) {
        let size = kvHeadCount * layout.byteCount
        for layer in 0..<layerCount {
            let start = memory.start + layer * capacity.blockCount * size
            (start + target * size).copyMemory(from: start + block * size, byteCount: size)
        }
    }
}
