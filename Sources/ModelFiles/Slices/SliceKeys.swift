import Tensors

/// How a slice says what it is, among its file's metadata. All other keys are the model's.
enum SliceKeys {
    static let version = "stagecoach.slice.version"
    static let identity = "stagecoach.slice.identity"
    /// The first layer, and the one after the last.
    static let layers = "stagecoach.slice.layers"
    static let holdsEnds = "stagecoach.slice.holds_ends"
    static let partition = "stagecoach.slice.partition"
    /// Tensors that are left out, each as `name type columns rows...`.
    static let absent = "stagecoach.slice.absent"
    /// config.json of a Hugging Face folder, whose tensors keep their names.
    static let settings = "stagecoach.slice.settings"

    /// Its generation_config.json, where the slice holds the ends.
    static let generation = "stagecoach.slice.generation"

    static let currentVersion: UInt32 = 2

    static func metadata(_ slice: ModelSlice, absent tensors: [StoredTensor]) -> [(key: String, value: GGUFValue)] {
        let bounds = [slice.layers.lowerBound, slice.layers.upperBound]
        return [
            (version, .uint32(currentVersion)), (identity, .uint64(slice.identity)),
            (layers, .int32s(bounds.map(Int32.init))), (holdsEnds, .bool(slice.holdsEnds)),
            (absent, .strings(tensors.map(describe))),
        ] + (slice.partition.map { [(partition, .int32s($0.map(Int32.init)))] } ?? [])
    }

    /// Whether a file is a slice.
    static func mark(_ file: GGUFFile) -> Bool { file[version] != nil }

    static func slice(_ file: GGUFFile) throws(ModelFileProblem) -> ModelSlice {
        guard file[version]?.integer == Int(currentVersion) else {
            throw .invalidValue(key: version, reason: "is of another build; make the slice again")
        }
        let sizes = 0...ModelMetadata.largestSize
        guard let bounds = file[layers]?.integers, bounds.count == 2, bounds.allSatisfy(sizes.contains),
            bounds[0] <= bounds[1]
        else { throw .invalidValue(key: layers, reason: "is no range of layers") }
        guard let holdsEnds = file[holdsEnds]?.bool else {
            throw .invalidValue(key: holdsEnds, reason: "is neither true nor false")
        }
        guard let hash = file[identity]?.withBytes({ $0.count == 8 ? $0.loadUnaligned(as: UInt64.self) : nil }) else {
            throw .invalidValue(key: identity, reason: "is no 64-bit number")
        }
        let counts = file[partition]?.integers
        guard counts?.allSatisfy(sizes.contains) ?? true else {
            throw .invalidValue(key: partition, reason: "is no list of layers")
        }
        return ModelSlice(
            layers: bounds[0]..<bounds[1], holdsEnds: holdsEnds, identity: UInt64(littleEndian: hash), partition: counts
        )
    }

    /// The tensors that the file lacks, with empty ranges.
    static func absentTensors(_ file: GGUFFile) throws(ModelFileProblem) -> [StoredTensor] {
        guard let lines = file[absent]?.texts else { throw .invalidValue(key: absent, reason: "is no list of texts") }
        var tensors: [StoredTensor] = []
        for line in lines {
            let fields = String(decoding: line, as: UTF8.self).split(separator: " ").map(String.init)
            let sizes = fields.dropFirst(2).compactMap { Int($0) }
            guard fields.count >= 3, sizes.count == fields.count - 2, let type = ElementType(named: fields[1]),
                sizes.count <= 4, sizes.allSatisfy({ (1...ModelMetadata.largestSize).contains($0) }),
                sizes[0] % type.blockLength == 0
            else { throw .invalidValue(key: absent, reason: "has an entry that describes no tensor") }
            tensors.append(
                StoredTensor(
                    name: fields[0], dimensions: sizes, type: type, typeName: type.name, file: file.file, range: 0..<0))
        }
        return tensors
    }

    private static func describe(_ tensor: StoredTensor) -> String {
        "\(tensor.name) \(tensor.typeName) \(tensor.dimensions.map(String.init).joined(separator: " "))"
    }
}
