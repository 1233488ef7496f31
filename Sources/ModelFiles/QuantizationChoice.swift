import Tensors

/// Which type a matrix gets where a model is asked to be of some type: llama.cpp's choices.
enum QuantizationChoice {
    /// The head's, where the layers are of `type`: Q6_K for all that is quantized, and Q8_0 where everything is.
    static func head(_ type: ElementType) -> ElementType { type.isQuantized && type != .q8_0 ? .q6_K : type }

    /// `type`, or another where rows of so many columns are no whole blocks of it.
    static func fitting(_ type: ElementType, columns: Int) -> ElementType {
        if columns % type.blockLength == 0 { return type }
        switch type {
        case .q4_K: return fitting(.q5_0, columns: columns)
        case .q5_K: return fitting(.q5_1, columns: columns)
        case .q6_K: return fitting(.q8_0, columns: columns)
        case .q2_K, .q3_K, .iq4_XS: return fitting(.iq4_NL, columns: columns)
        default: return .f16
        }
    }
}
