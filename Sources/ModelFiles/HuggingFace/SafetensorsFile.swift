import OrderedJSON
import Tensors

/// A safetensors file: its table, checked; its bytes mapped, not read.
///
/// Layout: the length of a JSON text (64 bits, little endian), the text, then the tensors' bytes. Format:
/// <https://huggingface.co/docs/safetensors>.
struct SafetensorsFile: Sendable {
    let file: MappedFile
    let tensors: [StoredTensor]
    /// Bytes before the tensors.
    let headerByteCount: Int

    /// The format's own limit.
    private static let longestHeader = 100_000_000

    init(path: String) throws(ModelFileError) {
        do { file = try MappedFile(path: path) } catch {
            throw ModelFileError(path: path, problem: .unreadable(reason: error.reason))
        }
        do {
            headerByteCount = try Self.headerByteCount(file.bytes)
            tensors = try Self.tensors(file, start: headerByteCount)
        } catch { throw ModelFileError(path: path, problem: error) }
    }

    private static func headerByteCount(_ bytes: UnsafeRawBufferPointer) throws(ModelFileProblem) -> Int {
        guard bytes.count >= 8 else { throw .invalidSafetensors(reason: "it has only \(bytes.count) bytes") }
        if bytes.starts(with: Array("version ".utf8)) {
            throw .invalidSafetensors(reason: "it is a Git LFS pointer to the model, see 'git lfs pull'")
        }
        let length = GGUFValue.load(UInt64.self, bytes, 0)
        guard length <= UInt64(min(longestHeader, bytes.count - 8)) else {
            throw .invalidSafetensors(reason: "its header claims \(length) bytes of \(bytes.count)")
        }
        return 8 + Int(length)
    }

    private static func tensors(_ file: MappedFile, start: Int) throws(ModelFileProblem) -> [StoredTensor] {
        let header: JSONValue
        do {
            header = try JSONValue(reading: file.bytes[8..<start], JSONRules(refusesRepeatedNames: true))
        } catch { throw .invalidJSON(error) }
        guard let object = header.object else { throw .invalidSafetensors(reason: "its header is no JSON object") }
        var tensors: [StoredTensor] = []
        for member in object.members where member.key != "__metadata__" {
            tensors.append(try tensor(member, file, start: start))
        }
        try refuseOverlaps(tensors)
        return tensors
    }

    private static func tensor(
        _ member: JSONObject.Member, _ file: MappedFile, start: Int
    ) throws(ModelFileProblem) -> StoredTensor {
        let name = member.key
        guard name.utf8.count <= longestName, name.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) else {
            throw .invalidSafetensors(reason: "the tensor name '\(printable(name))' is not short printable ASCII")
        }
        guard let typeName = member.value["dtype"]?.string.map(printable) else {
            throw .invalidSafetensors(reason: "tensor '\(name)' has no dtype")
        }
        let type = types[typeName]
        let shape = try shape(member.value["shape"], name)
        let offsets = member.value["data_offsets"]?.array ?? []
        guard offsets.count == 2, let first = offsets[0].integer, let end = offsets[1].integer,
            0 <= first, first <= end, end <= file.bytes.count - start
        else {
            throw .invalidSafetensors(reason: "tensor '\(name)' does not lie inside the file, which may be truncated")
        }
        let count = try elementCount(shape, name)
        if let type {
            let (needed, overflow) = count.multipliedReportingOverflow(by: type.byteCount(of: 1))
            guard !overflow, needed == end - first else {
                throw .invalidSafetensors(
                    reason: "tensor '\(name)' of shape \(shape) in \(typeName) does not take \(end - first) bytes")
            }
        }
        return StoredTensor(
            name: name, dimensions: shape.reversed(), type: type, typeName: typeName, file: file,
            range: start + first..<start + end)
    }

    private static func shape(_ value: JSONValue?, _ name: String) throws(ModelFileProblem) -> [Int] {
        guard let elements = value?.array, elements.count <= 8 else {
            throw .invalidSafetensors(reason: "tensor '\(name)' has no shape")
        }
        var shape: [Int] = []
        for element in elements {
            guard let size = element.integer, size >= 0 else {
                throw .invalidSafetensors(reason: "tensor '\(name)' has a dimension that is no size")
            }
            shape.append(size)
        }
        // A single number has no dimensions.
        return shape.isEmpty ? [1] : shape
    }

    private static func elementCount(_ shape: [Int], _ name: String) throws(ModelFileProblem) -> Int {
        var count = 1
        for size in shape {
            let (product, overflow) = count.multipliedReportingOverflow(by: size)
            guard !overflow else {
                throw .invalidSafetensors(reason: "tensor '\(name)' has more elements than any machine could hold")
            }
            count = product
        }
        return count
    }

    private static func refuseOverlaps(_ tensors: [StoredTensor]) throws(ModelFileProblem) {
        let ordered = tensors.sorted {
            ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound)
        }
        for (before, after) in zip(ordered, ordered.dropFirst())
        where before.range.upperBound > after.range.lowerBound {
            throw .overlappingTensors(before.name, after.name)
        }
    }

    private static let longestName = 512
    private static let types: [String: ElementType] = ["F32": .f32, "F16": .f16, "BF16": .bf16]
}
