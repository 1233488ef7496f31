import Tensors

/// A tensor's entry as the file states it, not yet believed.
struct GGUFTensorClaim {
    let name: String
    let dimensions: [Int]
    let typeNumber: UInt32
    /// From the start of the tensor data.
    let offset: UInt64

    /// Stored bytes; 0 for a type whose blocks are unknown.
    func byteCount() throws(ModelFileProblem) -> UInt64 {
        var count = 1
        for size in dimensions {
            let (product, overflow) = count.multipliedReportingOverflow(by: size)
            guard !overflow else {
                throw .invalidDimensions(tensor: name, reason: "has more elements than any machine could hold")
            }
            count = product
        }
        guard let type = ElementType(rawValue: typeNumber) else { return 0 }
        guard dimensions[0] % type.blockLength == 0 else {
            throw .invalidDimensions(
                tensor: name,
                reason: "has rows of \(dimensions[0]) elements, no multiple of the \(type.blockLength) "
                    + "in a block of \(type.name)")
        }
        let (bytes, overflow) = (count / type.blockLength).multipliedReportingOverflow(by: type.blockByteCount)
        guard !overflow else {
            throw .invalidDimensions(tensor: name, reason: "has more bytes than any machine could hold")
        }
        return UInt64(bytes)
    }
}
