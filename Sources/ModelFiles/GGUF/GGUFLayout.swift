import Tensors

/// A GGUF file to be written: its header's bytes and the place of each tensor, checked by the reader's own rules.
struct GGUFLayout {
    let header: [UInt8]
    let names: [String]
    /// Where each tensor's bytes go, ascending.
    let ranges: [Range<Int>]
    let fileSize: Int

    init(
        metadata: [(key: String, value: GGUFValue)], tensors: [GGUFTensorPlan]
    ) throws(ModelFileProblem) {
        let alignment = metadata.first { $0.key == "general.alignment" }?.value.integer ?? GGUFLimits.defaultAlignment
        guard GGUFLimits.isValidAlignment(alignment) else { throw .invalidAlignment(alignment) }
        var encoder = GGUFEncoder()
        encoder.append(preamble: tensors.count, metadata.count)
        for (key, value) in metadata { encoder.append(key: key, value) }
        var offset: UInt64 = 0
        for tensor in tensors {
            let next = try Self.end(of: tensor, at: offset, alignment: UInt64(alignment))
            encoder.append(tensor, offset: offset)
            offset = next
        }
        let dataStart = encoder.bytes.count.rounded(upTo: alignment)
        guard let size = Int(exactly: offset), size < Int.max - dataStart else {
            throw .cannotWrite(reason: "it would be larger than any file")
        }
        header = encoder.bytes
        fileSize = tensors.isEmpty ? header.count : dataStart + size
        let checked = try Self.check(header, fileSize)
        names = checked.tensors.map(\.name)
        ranges = checked.tensors.map(\.fileRange)
    }

    private static func check(_ header: [UInt8], _ fileSize: Int) throws(ModelFileProblem) -> GGUFHeader {
        try header.withUnsafeBufferPointer { bytes throws(ModelFileProblem) in
            try GGUFHeader(UnsafeRawBufferPointer(bytes), fileSize: fileSize)
        }
    }

    /// Where the tensor after this one starts.
    private static func end(
        of tensor: GGUFTensorPlan, at offset: UInt64, alignment: UInt64
    ) throws(ModelFileProblem) -> UInt64 {
        guard tensor.dimensions.allSatisfy({ $0 > 0 }), !tensor.dimensions.isEmpty else {
            throw .invalidDimensions(tensor: tensor.name, reason: "has the shape \(tensor.dimensions)")
        }
        let claim = GGUFTensorClaim(
            name: tensor.name, dimensions: tensor.dimensions, typeNumber: tensor.type.rawValue, offset: offset)
        let (end, overflow) = offset.addingReportingOverflow(try claim.byteCount())
        guard !overflow, end < UInt64(Int.max) - alignment else {
            throw .invalidDimensions(tensor: tensor.name, reason: "lies beyond the end of any file")
        }
        return (end + alignment - 1) / alignment * alignment
    }
}

extension Int {
    /// The next multiple of `step`; the caller knows that it exists.
    func rounded(upTo step: Int) -> Int { (self + step - 1) / step * step }
}
