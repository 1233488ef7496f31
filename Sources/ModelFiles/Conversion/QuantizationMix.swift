import Tensors

/// Which type each matrix of a file gets: one for all, or a K type that spares the matrices that suffer most from it.
///
/// The names are llama.cpp's: `Q4_K_M` keeps values and `wDown` of half the layers in Q6_K.
public struct QuantizationMix: Sendable, Equatable {
    /// Of most matrices.
    public let type: ElementType
    /// Whether it is one of the `_M` mixes.
    public let sparesSensitive: Bool

    public init(_ type: ElementType, sparesSensitive: Bool = false) {
        self.type = type
        self.sparesSensitive = sparesSensitive
    }

    /// The mix called `name`, in any letter case; nil when there is none.
    public init?(named name: String) {
        let upper = name.uppercased()
        guard let mix = Self.all.first(where: { $0.name == upper }) else { return nil }
        self = mix
    }

    public static var all: [QuantizationMix] {
        ElementType.allCases.filter(\.isWritable).map { QuantizationMix($0) }
            + mixed.map { QuantizationMix($0, sparesSensitive: true) }
    }

    private static let mixed: [ElementType] = [.q4_K, .q5_K]

    public var name: String { sparesSensitive ? "\(type.name)_M" : type.name }

    /// `general.file_type`: llama.cpp's number for the mix.
    var fileType: UInt32 { sparesSensitive ? type.fileType + 1 : type.fileType }

    /// The type of a matrix of `columns` columns.
    func type(of role: TensorRole, columns: Int, _ configuration: ModelConfiguration) -> ElementType {
        QuantizationChoice.fitting(wanted(role, configuration), columns: columns)
    }

    private func wanted(_ role: TensorRole, _ configuration: ModelConfiguration) -> ElementType {
        switch role {
        case .weight(.tokenEmbedding, _) where configuration.hasTiedOutputHead: QuantizationChoice.head(type)
        case .weight(.outputHead, _): QuantizationChoice.head(type)
        case .fused(.wqkv, _) where sparesSensitive: type == .q4_K ? .q5_K : .q6_K
        case .weight(.wv, let layer?) where sparesSensitive, .weight(.wDown, let layer?) where sparesSensitive:
            Self.isSensitive(layer: layer, of: configuration.layerCount) ? .q6_K : shared(role, configuration)
        default: type
        }
    }

    /// Values that eight query heads share are few, and each counts eight times.
    private func shared(_ role: TensorRole, _ configuration: ModelConfiguration) -> ElementType {
        guard case .weight(.wv, _) = role, type == .q4_K else { return type }
        return configuration.headCount / configuration.kvHeadCount >= 8 ? .q5_K : type
    }

    /// The first and the last eighth of the layers, and every third in between.
    private static func isSensitive(layer: Int, of count: Int) -> Bool {
        let eighth = count / 8
        return layer < eighth || layer >= 7 * count / 8 || (layer - eighth) % 3 == 2
    }
}

extension ElementType {
    /// llama.cpp's number for "mostly this type".
    var fileType: UInt32 {
        switch self {
        case .f32: 0
        case .f16: 1
        case .q4_0: 2
        case .q4_1: 3
        case .q8_0: 7
        case .q5_0: 8
        case .q5_1: 9
        case .q2_K: 10
        case .q3_K: 11
        case .q4_K: 14
        case .q5_K: 16
        case .q6_K: 18
        case .iq4_NL: 25
        case .iq4_XS: 30
        case .bf16: 32
        }
    }
}
