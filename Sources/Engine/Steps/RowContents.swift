/// What a consumer wants of its rows.
enum RowContents {
    /// What the output head makes of them.
    case logits
    /// Hidden states as they leave the last layer, before the final norm.
    case hiddenStates
}
