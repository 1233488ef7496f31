/// Some of a model's layers, described without counting them: a header may claim any number.
public enum LayerPattern: Sendable, Equatable, Codable {
    case none
    case all
    /// This layer and those after it.
    case from(Int)
    /// Layers n - 1, 2n - 1 and so on.
    case every(Int)
    /// Those for which the list says so; layers beyond it are not among them.
    case listed([Bool])

    public func contains(_ layer: Int) -> Bool {
        switch self {
        case .none: false
        case .all: true
        case .from(let first): layer >= first
        case .every(let interval): layer % interval == interval - 1
        case .listed(let layers): layer < layers.count && layers[layer]
        }
    }
}
