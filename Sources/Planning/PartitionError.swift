/// Why a model cannot be cut that way.
public enum PartitionError: Error, Equatable, CustomStringConvertible {
    case notANumber(text: String, entry: String)
    case wrongRankCount(text: String, entries: Int, ranks: Int)
    case wrongSum(text: String, layerCount: Int)
    case emptyRank(text: String, rank: Int)
    case tooManyRanks(ranks: Int, layerCount: Int)

    public var description: String {
        switch self {
        case .notANumber(let text, let entry):
            "--partition \(text): \"\(entry)\" is not a number of layers; write it like 9,8,8,5"
        case .wrongRankCount(let text, let entries, let ranks):
            "--partition \(text) is for \(counted(entries, "rank")), but \(ranks) run: give one number of layers per rank"
        case .wrongSum(let text, let layerCount):
            "--partition \(text) does not add up to the model's \(counted(layerCount, "layer"))"
        case .emptyRank(let text, let rank):
            "--partition \(text) leaves rank \(rank) without layers: only rank 0 may own none"
        case .tooManyRanks(let ranks, let layerCount):
            "\(ranks) ranks are too many for a model of \(counted(layerCount, "layer")): run \(layerCount) or fewer"
        }
    }

    private func counted(_ count: Int, _ what: String) -> String { count == 1 ? "1 \(what)" : "\(count) \(what)s" }
}
