import Tensors

/// A hash of the hidden states after each layer and position, for runs that ought to be equal to the bit.
///
/// Kept for one sequence at a time: what another one leaves at the same position replaces it.
public final class LayerHashes: @unchecked Sendable {
    public let layerCount: Int
    public let positionCount: Int
    /// [layer][position]; 0 where nothing was computed.
    public let values: UnsafeMutableBufferPointer<UInt64>

    public init(layerCount: Int, positionCount: Int) {
        self.layerCount = layerCount
        self.positionCount = positionCount
        values = .allocate(capacity: layerCount * positionCount)
        values.initialize(repeating: 0)
    }

    deinit { values.deallocate() }

    /// Takes note of one row of `count` values after `layer`, counted from the first one kept here.
    func note(_ row: UnsafePointer<Float>, count: Int, layer: Int, position: Int) {
        guard position < positionCount else { return }
        var hash = FNV1a()
        hash.combine(UnsafeRawBufferPointer(start: row, count: count * MemoryLayout<Float>.stride))
        values[layer * positionCount + position] = hash.hash
    }
}
