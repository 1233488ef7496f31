import CKernels
import Glibc

/// A family of vector instructions that kernels are written for. All give the same bits; they differ in speed.
public enum InstructionSet: String, Sendable, CaseIterable {
    case portable, avx2, avx512vnni, neon

    /// Those that this processor and this build have, slowest first.
    public static var available: [InstructionSet] { allCases.filter { $0.table != nil } }

    /// The fastest that this processor has.
    public static var best: InstructionSet { available.last! }

    /// What `STAGECOACH_ISA` asks for; the best where it is unset or empty.
    public static func chosen() throws(InstructionSetError) -> InstructionSet {
        guard let value = getenv("STAGECOACH_ISA"), value.pointee != 0 else { return best }
        return try named(String(cString: value))
    }

    /// The available set called `name`.
    public static func named(_ name: String) throws(InstructionSetError) -> InstructionSet {
        guard let set = InstructionSet(rawValue: name) else { throw .unknown(name) }
        guard set.table != nil else { throw .unavailable(set) }
        return set
    }

    var table: UnsafePointer<sk_kernels>? {
        switch self {
        case .portable: sk_kernels_for(SK_PORTABLE)
        case .avx2: sk_kernels_for(SK_AVX2)
        case .avx512vnni: sk_kernels_for(SK_AVX512VNNI)
        case .neon: sk_kernels_for(SK_NEON)
        }
    }
}
