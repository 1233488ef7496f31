/// What a rank spends its time on, as its trace names it.
public enum Activity: UInt32, Sendable, CaseIterable {
    /// Waiting for a frame.
    case wait = 1
    /// Taking rows through the layers.
    case compute
    /// Handing a frame to the link.
    case send
    /// Rank 0: turning tokens into hidden states.
    case embed
    /// Rank 0: turning hidden states into logits.
    case head
    /// Rank 0: turning logits into tokens, or whatever is done with them.
    case sample
}
