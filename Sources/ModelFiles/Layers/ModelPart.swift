/// Where in a model a weight stands, and so which rows of a microbatch need it.
public enum ModelPart: Sendable {
    /// Before the first layer and after the last one, on rank 0.
    case ends
    /// The first half of each layer.
    case attention
    /// The second half of a layer whose feed-forward network is one for all rows.
    case dense

    /// Whether a token reads all of it, whichever token it is.
    public var isReadForEveryRow: Bool {
        switch self {
        case .ends, .attention, .dense: true
        }
    }
}
