import Tensors

/// One tensor of a model's files, whatever their format: known to lie inside its file and apart from all others.
struct StoredTensor: Sendable {
    var name: String
    /// Sizes with the fastest-running dimension (the columns of a matrix) first; at least one.
    let dimensions: [Int]
    /// nil where this program does not know it.
    let type: ElementType?
    let typeName: String
    let file: RandomAccessFile
    /// Where the elements are in the file.
    let range: Range<Int>

    /// The product of the dimensions.
    var elementCount: Int { dimensions.reduce(1, *) }

    /// All of a small one's elements as they are stored.
    func bytes() throws(ModelFileProblem) -> [UInt8] {
        do { return try file.bytes(range) } catch { throw ModelFileProblem(error) }
    }
}
