/// An instruction set that was asked for and cannot be had.
public enum InstructionSetError: Error, Equatable, CustomStringConvertible {
    case unknown(String)
    case unavailable(InstructionSet)

    public var description: String {
        let choices = InstructionSet.available.map(\.rawValue).joined(separator: ", ")
        switch self {
        case .unknown(let name): return "STAGECOACH_ISA: there is no instruction set \"\(name)\"; use one of \(choices)"
        case .unavailable(let set):
            return "STAGECOACH_ISA: this processor or build has no \(set.rawValue); use one of \(choices)"
        }
    }
}
