/// A failure inside a stage.
public enum StageError: Error {
    /// A hidden state was not finite after `layer`.
    case nonFinite(layer: Int)
}
