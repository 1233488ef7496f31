/// What `verify --json` prints.
public struct VerificationReport: Codable, Sendable {
    public var equal: Bool
    public var ranks: Int
    /// Layers of each rank.
    public var partition: [Int]
    public var positions: Int
    public var comparisons: [Comparison]
    /// Of the hidden states after each layer, as 16 hexadecimal digits.
    public var layerHashes: [String]

    public init(
        equal: Bool, ranks: Int, partition: [Int], positions: Int, comparisons: [Comparison], layerHashes: [String]
    ) {
        self.equal = equal
        self.ranks = ranks
        self.partition = partition
        self.positions = positions
        self.comparisons = comparisons
        self.layerHashes = layerHashes
    }

    /// With one rank alone, by the kernels of one instruction set.
    public struct Comparison: Codable, Sendable {
        public var instructionSet: String
        public var equal: Bool
        /// The first layer and position that differ; no layer where it is the token chosen.
        public var layer: Int?
        public var position: Int?

        public init(
            instructionSet: String, equal: Bool, layer: Int? = nil, position: Int? = nil
        ) {
            self.instructionSet = instructionSet
            self.equal = equal
            self.layer = layer
            self.position = position
        }
    }
}
