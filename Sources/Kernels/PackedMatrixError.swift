import Tensors

/// A matrix that cannot be packed.
public enum PackedMatrixError: Error, CustomStringConvertible {
    case shape(_ rows: Int, _ columns: Int)
    case partialBlocks(ElementType, _ columns: Int)
    case memory(MemoryError)

    public var description: String {
        switch self {
        case .shape(let rows, let columns): "a matrix of \(rows) x \(columns) does not fit in any memory"
        case .partialBlocks(let type, let columns):
            "a row of \(columns) columns is no whole number of \(type.name) blocks of \(type.blockLength)"
        case .memory(let error): error.description
        }
    }
}
