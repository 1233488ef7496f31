import Tokenization

/// The outcome of comparing this run's hidden states with those of one rank that computes a layer at a time.
public struct Verification: Sendable {
    /// A place where two runs differ for the first time.
    public struct Difference: Sendable, Equatable {
        /// nil: the layers agree, the token chosen after the position does not.
        public var layer: Int?
        public var position: Int
    }

    /// One run that this one was compared with.
    public struct Comparison: Sendable {
        public var instructionSet: String
        public var difference: Difference?
    }

    public var ids: [TokenID]
    public var comparisons: [Comparison]
    /// A hash of all positions after each layer of this run.
    public var layerHashes: [UInt64]

    public var isEqual: Bool { comparisons.allSatisfy { $0.difference == nil } }
}
