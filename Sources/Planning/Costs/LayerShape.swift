import ModelFiles
import Tensors

/// A decoder layer, as far as it costs time and memory.
public struct LayerShape: Sendable, Equatable, Codable {
    public var matrices: [MatrixShape]
    /// Bytes of the layer in memory.
    public var byteCount: Int
}

extension LayerShape {
    init(_ tensors: LayerTensors) {
        self.init(
            matrices: tensors.matrixRoles.map { MatrixShape(tensors[$0], $0) }, byteCount: tensors.byteCount)
    }
}
