import Tensors

/// One tensor of a model's files, whatever their format: known to lie inside its file and apart from all others.
struct StoredTensor: Sendable {
    let name: String
    /// Sizes with the fastest-running dimension (the columns of a matrix) first; at least one.
    let dimensions: [Int]
    /// nil where this program does not know it.
    let type: ElementType?
    let typeName: String
    let file: MappedFile
    /// Where the elements are in the file.
    let range: Range<Int>

    /// The product of the dimensions.
    var elementCount: Int { dimensions.reduce(1, *) }
}

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
