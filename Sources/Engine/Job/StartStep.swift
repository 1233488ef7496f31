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
}
