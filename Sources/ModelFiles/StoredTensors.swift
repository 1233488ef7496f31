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

    /// Gives a tensor that is there another name, which none has.
    mutating func rename(_ name: String, to other: String) {
        guard let place = index.removeValue(forKey: name) else { return }
        all[place].name = other
        index[other] = place
    }

    subscript(name: String) -> StoredTensor? { index[name].map { all[$0] } }
}
