import Tensors

/// The element type of keys and values in the cache.
public enum KVType: String, Sendable, CaseIterable {
    case f16, f32
    /// Quantized to 8 bits by 32 elements of a head: 0.53 of F16's memory.
    // swift-format-ignore: AlwaysUseLowerCamelCase
    case q8_0

    public var elementType: ElementType {
        switch self {
        case .f16: .f16
        case .f32: .f32
        case .q8_0: .q8_0
        }
    }
}
