import Kernels
import ModelFiles
import Tensors

/// The element type of keys and values in the cache.
public enum KVType: String, Sendable, CaseIterable {
    case f16, f32
    /// Quantized to 8 bits by 32 elements of a head: 0.53 of F16's memory.
    // swift-format-ignore: AlwaysUseLowerCamelCase
    case q8_0

    var elementType: ElementType {
        switch self {
        case .f16: .f16
        case .f32: .f32
        case .q8_0: .q8_0
        }
    }
}

/// The keys and values of a range of layers, in blocks of 64 positions.
///
/// Blocks stand in the order [layer][slot][position / 64][KV head]. Memory is reserved at once and costs nothing until
/// positions are filled.
public final class KVCache: @unchecked Sendable {
    public let type: KVType
    public let slotCount: Int
    /// The most positions of a sequence.
    public let contextLength: Int

    let layout: KVBlockLayout
    private let memory: AlignedMemory
    private let blocksPerSlot: Int
    private let kvHeadCount: Int

    /// - Parameters:
    ///   - layerCount: How many layers this stage owns.
    ///   - slotCount: How many sequences live side by side.
    public init(
        layerCount: Int, configuration: ModelConfiguration, type: KVType, contextLength: Int, slotCount: Int
    ) throws(MemoryError) {
        self.type = type
        self.slotCount = slotCount
        self.contextLength = contextLength
        kvHeadCount = configuration.kvHeadCount
        layout = KVBlockLayout(element: type.elementType, headDim: configuration.headDim)
        blocksPerSlot = (contextLength + KVBlockLayout.positionCount - 1) / KVBlockLayout.positionCount
        memory = try AlignedMemory(
            byteCount: layerCount * slotCount * blocksPerSlot * kvHeadCount * layout.byteCount)
    }

    /// Reserved bytes.
    public var byteCount: Int { memory.bytes.count }

    /// The blocks of one sequence, layer (counted from the stage's first) and KV head.
    @inline(__always)
    func blocks(layer: Int, slot: Int, kvHead: Int) -> KVBlocks {
        let first = ((layer * slotCount + slot) * blocksPerSlot * kvHeadCount + kvHead) * layout.byteCount
        return KVBlocks(start: memory.start + first, stride: kvHeadCount * layout.byteCount)
    }
}
