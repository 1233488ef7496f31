/// The steps of a start, in their order.
enum StartStep: CaseIterable {
    /// Rank 0 takes what the run needs of its host.
    case claim
    /// Ranks that lack the model get their slices of it.
    case provision
    /// The model is opened, and the plan drawn up as it is asked for.
    case open
    /// Rank 0 refuses what can be refused early, before weights are loaded.
    case prepare
    /// Ranks that would not do the same are refused.
    case compare
    /// Hosts and links are looked at, where that is asked for or decides something.
    case survey
    /// Layers are shared out, where nobody says how.
    case partition
    /// Keys and values are fitted into the memory of all ranks.
    case fit
    /// Each rank reads its stage.
    case build
    /// The stages become a ring.
    case link
    /// The trace begins, where one is asked for.
    case trace

    /// What the ranks do then, in the words of a message: "while the ranks load their layers".
    var activity: String {
        switch self {
        case .claim: "rank 0 takes what the run needs of its host"
        case .provision: "the ranks get their slices of the model"
        case .open: "the ranks open the model"
        case .prepare: "rank 0 prepares the work"
        case .compare: "the ranks compare what they have"
        case .survey: "the ranks measure hosts and links"
        case .partition: "layers are shared out"
        case .fit: "memory is shared out"
        case .build: "the ranks load their layers"
        case .link: "the ranks form the ring"
        case .trace: "the trace begins"
        }
    }
}
