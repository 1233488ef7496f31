import Tensors

/// How hidden states travel between stages.
public enum WireType: String, Sendable, CaseIterable {
    /// As they are: the only one with which every layout gives the same tokens.
    case f32
    /// Rounded to half precision: half the bytes.
    case f16
    /// 8 bits with a scale for 32 of them: 0.27 of the bytes.
    case q8

    /// Bytes that an element of a hidden state takes on its way.
    public var bytesPerElement: Double {
        Double(elementType.blockByteCount) / Double(elementType.blockLength)
    }

    var elementType: ElementType {
        switch self {
        case .f32: .f32
        case .f16: .f16
        case .q8: .q8_0
        }
    }
}
