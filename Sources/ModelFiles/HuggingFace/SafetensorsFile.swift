import OrderedJSON
import Tensors

/// A safetensors file: its table, checked, and none of its tensors' bytes.
///
/// Layout: the length of a JSON text (64 bits, little endian), the text, then the tensors' bytes. Format:
/// <https://huggingface.co/docs/safetensors>.
struct SafetensorsFile: Sendable {
    let file: RandomAccessFile
    let tensors: [StoredTensor]
    /// Of the bytes before the tensors.
    let headerHash: UInt64

    /// The format's own limit.
    private static let longestHeader = 100_000_000

    init(path: String) throws(ModelFileError) {
        do { file = try RandomAccessFile(path: path) } catch { throw ModelFileError(error) }
        do throws(ModelFileProblem) {
            let header = try Self.header(file)
            var hash = FNV1a()
            header.withUnsafeBytes { hash.combine($0) }
            headerHash = hash.hash
            tensors = try Self.tensors(header, file)
        } catch { throw ModelFileError(path: path, problem: error) }
    }

    /// The bytes before the tensors.
    private static func header(_ file: RandomAccessFile) throws(ModelFileProblem) -> [UInt8] {
        let size = file.byteCount
        guard size >= 8 else { throw .invalidSafetensors(reason: "it has only \(size) bytes") }
        do {
            let first = try file.bytes(0..<8)
            if first == Array("version ".utf8) {
                throw ModelFileProblem.invalidSafetensors(
                    reason: "it is a Git LFS pointer to the model, see 'git lfs pull'")
            }
            let length = first.withUnsafeBytes { GGUFValue.load(UInt64.self, $0, 0) }
            guard length <= UInt64(min(longestHeader, size - 8)) else {
                throw ModelFileProblem.invalidSafetensors(reason: "its header claims \(length) bytes of \(size)")
            }
            return try file.bytes(0..<8 + Int(length))
        } catch let error as FileReadError { throw ModelFileProblem(error) } catch { throw error as! ModelFileProblem }
    }

    private static func tensors(
        _ bytes: [UInt8], _ file: RandomAccessFile
    ) throws(ModelFileProblem) -> [StoredTensor] {
        let (header, start): (JSONValue, Int)
        start = bytes.count
        do {
            header = try JSONValue(reading: bytes[8...], JSONRules(refusesRepeatedNames: true))
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
        _ member: JSONObject.Member, _ file: RandomAccessFile, start: Int
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
            0 <= first, first <= end, end <= file.byteCount - start
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
