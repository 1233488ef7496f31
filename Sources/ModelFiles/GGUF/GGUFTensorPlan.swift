import Tensors

/// A tensor that is going to be written.
public struct GGUFTensorPlan: Sendable, Equatable {
    public let name: String
    /// The fastest-running dimension (columns) first.
    public let dimensions: [Int]
    public let type: ElementType

    public init(name: String, dimensions: [Int], type: ElementType) {
        self.name = name
        self.dimensions = dimensions
        self.type = type
    }
}
