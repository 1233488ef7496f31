/// How far tokens see in some of a model's layers.
public struct LayerWindow: Sendable, Equatable, Codable {
    public var layers: LayerPattern
    /// How many positions, its own among them, a token sees.
    public var size: Int

    public init(_ layers: LayerPattern, size: Int) {
        self.layers = layers
        self.size = size
    }
}
