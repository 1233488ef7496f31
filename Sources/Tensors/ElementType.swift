// The cases keep GGML's names, which everybody knows.
// swift-format-ignore: AlwaysUseLowerCamelCase
/// How the elements of a tensor are stored: plain floats, or blocks of quantized values with their scales.
///
/// Raw values are GGML's type numbers as GGUF stores them; a block is the smallest addressable unit of a row.
public enum ElementType: UInt32, Sendable, CaseIterable, Hashable, Codable {
    case f32 = 0
    case f16 = 1
    case q4_0 = 2
    case q4_1 = 3
    case q5_0 = 6
    case q5_1 = 7
    case q8_0 = 8
    case q2_K = 10
    case q3_K = 11
    case q4_K = 12
    case q5_K = 13
    case q6_K = 14
    case iq4_NL = 20
    case iq4_XS = 23
    case bf16 = 30

    /// The name that people and file names use, such as `Q4_K`.
    public var name: String {
        switch self {
        case .f32: "F32"
        case .f16: "F16"
        case .bf16: "BF16"
        case .q4_0: "Q4_0"
        case .q4_1: "Q4_1"
        case .q5_0: "Q5_0"
        case .q5_1: "Q5_1"
        case .q8_0: "Q8_0"
        case .q2_K: "Q2_K"
        case .q3_K: "Q3_K"
        case .q4_K: "Q4_K"
        case .q5_K: "Q5_K"
        case .q6_K: "Q6_K"
        case .iq4_NL: "IQ4_NL"
        case .iq4_XS: "IQ4_XS"
        }
    }

    /// The type called `name`, in any letter case; nil when there is none.
    public init?(named name: String) {
        let upper = name.uppercased()
        guard let match = Self.allCases.first(where: { $0.name == upper }) else { return nil }
        self = match
    }

    /// Elements in one block; 1 for plain floats.
    public var blockLength: Int {
        switch self {
        case .f32, .f16, .bf16: 1
        case .q4_0, .q4_1, .q5_0, .q5_1, .q8_0, .iq4_NL: 32
        case .q2_K, .q3_K, .q4_K, .q5_K, .q6_K, .iq4_XS: 256
        }
    }

    /// Bytes of one stored block.
    public var blockByteCount: Int {
        switch self {
        case .f32: 4
        case .f16, .bf16: 2
        case .q4_0, .iq4_NL: 18
        case .q4_1: 20
        case .q5_0: 22
        case .q5_1: 24
        case .q8_0: 34
        case .q2_K: 84
        case .q3_K: 110
        case .q4_K: 144
        case .q5_K: 176
        case .q6_K: 210
        case .iq4_XS: 136
        }
    }

    /// Whether elements are integers with block scales, multiplied in int8; else they are widened to FP32.
    public var isQuantized: Bool { blockLength > 1 }

    /// Whether ``quantize(_:_:count:into:)`` can make it; the other types are only read.
    public var isWritable: Bool {
        switch self {
        case .q2_K, .q3_K, .iq4_NL, .iq4_XS: false
        default: true
        }
    }

    /// Stored bytes of `count` consecutive elements.
    ///
    /// - Precondition: `count` is a multiple of `blockLength`.
    public func byteCount(of count: Int) -> Int {
        precondition(count % blockLength == 0, "a row of \(name) holds whole blocks of \(blockLength)")
        return count / blockLength * blockByteCount
    }
}
