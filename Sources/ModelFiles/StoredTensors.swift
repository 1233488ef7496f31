/// The tensors of a model by name, gathered from all its files.
struct StoredTensors: Sendable {
    private(set) var all: [StoredTensor] = []
    private var index: [String: Int] = [:]

    /// - Throws: ``ModelFileProblem/duplicate(item:)`` where two files have a tensor of the same name.
    mutating func add(_ tensors: [StoredTensor]) throws(ModelFileProblem) {
        for tensor in tensors {
            guard index.updateValue(all.count, forKey: tensor.name) == nil else {
                throw .duplicate(item: "tensor '\(tensor.name)'")
            }
            all.append(tensor)
        }
    }

    subscript(name: String) -> StoredTensor? { index[name].map { all[$0] } }
}
