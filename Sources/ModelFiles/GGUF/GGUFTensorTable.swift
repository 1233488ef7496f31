import Tensors

extension GGUFCursor {
    mutating func tensorClaims(count: Int) throws(ModelFileProblem) -> [GGUFTensorClaim] {
        var claims: [GGUFTensorClaim] = []
        for index in 0..<count { claims.append(try tensorClaim(index)) }
        return claims
    }

    private mutating func tensorClaim(_ index: Int) throws(ModelFileProblem) -> GGUFTensorClaim {
        let name = try name("tensor number \(index)", longest: GGUFLimits.tensorNameLength)
        let dimensionCount: UInt32 = try integer("the dimension count of tensor '\(name)'")
        guard (1...UInt32(GGUFLimits.dimensionCount)).contains(dimensionCount) else {
            throw .invalidDimensions(tensor: name, reason: "has \(dimensionCount) dimensions instead of 1 to 4")
        }
        var dimensions: [Int] = []
        for _ in 0..<dimensionCount {
            let size: UInt64 = try integer("the dimensions of tensor '\(name)'")
            guard size > 0, let size = Int(exactly: size) else {
                throw .invalidDimensions(tensor: name, reason: "has a dimension of size \(size)")
            }
            dimensions.append(size)
        }
        let type: UInt32 = try integer("the type of tensor '\(name)'")
        let offset: UInt64 = try integer("the offset of tensor '\(name)'")
        return GGUFTensorClaim(name: name, dimensions: dimensions, typeNumber: type, offset: offset)
    }
}

/// Turns entries into tensors that are known to lie inside the file, aligned, apart from each other and the header.
struct GGUFTensorTable {
    let headerEnd: Int
    let fileSize: Int
    let alignment: Int

    func resolve(
        _ claims: [GGUFTensorClaim]
    ) throws(ModelFileProblem) -> (tensors: [GGUFTensor], index: [String: Int]) {
        var tensors: [GGUFTensor] = []
        var index: [String: Int] = [:]
        tensors.reserveCapacity(claims.count)
        for claim in claims {
            guard index.updateValue(tensors.count, forKey: claim.name) == nil else {
                throw .duplicate(item: "tensor '\(claim.name)'")
            }
            tensors.append(try resolve(claim))
        }
        try refuseOverlaps(tensors)
        return (tensors, index)
    }

    private func resolve(_ claim: GGUFTensorClaim) throws(ModelFileProblem) -> GGUFTensor {
        guard claim.offset % UInt64(alignment) == 0 else {
            throw .misalignedTensor(tensor: claim.name, offset: claim.offset, alignment: alignment)
        }
        let dataStart = UInt64(headerEnd.rounded(upTo: alignment))
        let byteCount = try claim.byteCount()
        let (first, overflow) = dataStart.addingReportingOverflow(claim.offset)
        let (end, endOverflow) = first.addingReportingOverflow(byteCount)
        guard !overflow, !endOverflow, end <= UInt64(fileSize) else {
            throw .tensorOutsideFile(
                tensor: claim.name, first: overflow ? .max : first, end: overflow || endOverflow ? .max : end,
                size: fileSize)
        }
        return GGUFTensor(
            name: claim.name, dimensions: claim.dimensions, typeNumber: claim.typeNumber,
            fileRange: Int(first)..<Int(end))
    }

    private func refuseOverlaps(_ tensors: [GGUFTensor]) throws(ModelFileProblem) {
        let ordered = tensors.indices.sorted {
            (tensors[$0].fileRange.lowerBound, tensors[$0].fileRange.upperBound)
                < (tensors[$1].fileRange.lowerBound, tensors[$1].fileRange.upperBound)
        }
        for (before, after) in zip(ordered, ordered.dropFirst())
        where tensors[before].fileRange.upperBound > tensors[after].fileRange.lowerBound {
            throw .overlappingTensors(tensors[before].name, tensors[after].name)
        }
    }
}
