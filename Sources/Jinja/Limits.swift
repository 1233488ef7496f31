/// What one rendering may take at most. Real templates stay far below; a template that was made to hurt does not get far.
public struct Limits: Sendable {
    /// Expressions, statements and comparisons of single values.
    public var steps = 10_000_000
    /// Bytes of all text and lists made on the way, freed or not.
    public var memory = 256 << 20
    /// Bytes of memory more for each byte of input, so that long conversations have room.
    public var memoryPerInputByte = 64
    /// Unicode scalars of the result.
    public var outputLength = 16 << 20
    /// Expressions and blocks inside each other while rendering, calls of macros included.
    public var depth = 400

    public init() {}

    /// The longest source, in UTF-8 bytes.
    static let sourceLength = 1 << 20
    /// Blocks, brackets and operators inside each other in the source.
    static let syntaxDepth = 64
    /// Lists and mappings inside each other.
    static let valueDepth = 96
}
