/// Which elements of a head a rotary embedding rotates together.
public enum RotaryPairing: Sendable {
    /// Elements 2i and 2i + 1.
    case adjacent
    /// Elements i and i + n/2 of the n that are rotated.
    case halves
}
