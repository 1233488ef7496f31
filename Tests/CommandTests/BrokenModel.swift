import Foundation
import TestSupport

/// Copies of the small Llama 2 with one thing wrong each, written to a folder that goes with this value.
final class BrokenModels {
    private let folder: String
    private let sound: [UInt8]

    init() throws {
        folder = NSTemporaryDirectory() + "stagecoach-broken-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        sound = [UInt8](try Data(contentsOf: URL(fileURLWithPath: TinyReference.modelPath)))
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    /// The path of a copy changed by `change`.
    func write(_ name: String, _ change: (inout [UInt8]) -> Void) throws -> String {
        var bytes = sound
        change(&bytes)
        let path = "\(folder)/\(name)"
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        return path
    }

    /// The file cut after a share of its bytes.
    func truncated() throws -> String { try write("truncated.gguf") { $0.removeLast($0.count / 3) } }

    func wrongMagic() throws -> String { try write("magic.gguf") { $0[0] = UInt8(ascii: "X") } }

    /// A header that claims more tensors than a file can hold.
    func hugeTensorCount() throws -> String { try write("count.gguf") { $0.store(UInt64.max / 2, at: 8) } }

    /// A string that is longer than the address space.
    func hugeString() throws -> String { try write("string.gguf") { $0.store(UInt64.max - 3, at: 24) } }

    /// A tensor whose data lies beyond the end of the file.
    func tensorOutside() throws -> String {
        try write("outside.gguf") { bytes in
            let offset = bytes.tensorInfo("output_norm.weight").offset
            bytes.store(UInt64(1) << 40, at: offset)
        }
    }

    /// A norm with half as many elements as the model's width.
    func wrongShape() throws -> String {
        try write("shape.gguf") { bytes in
            let info = bytes.tensorInfo("output_norm.weight")
            bytes.store(bytes.load(UInt64.self, at: info.dimensions) / 2, at: info.dimensions)
        }
    }

    func unknownQuantization() throws -> String {
        try write("quantization.gguf") { bytes in
            let info = bytes.tensorInfo("blk.0.attn_q.weight")
            bytes.store(UInt32(999), at: info.type)
        }
    }

    func unknownArchitecture() throws -> String {
        try write("architecture.gguf") { bytes in
            let key = bytes.find("general.architecture")
            bytes.replaceSubrange(key + 20 + 12..<key + 20 + 12 + 5, with: Array("mamba".utf8))
        }
    }

    /// The key of the token list under another name.
    func missingTokenizer() throws -> String {
        try write("tokenizer.gguf") { bytes in
            let key = bytes.find("tokenizer.ggml.tokens")
            bytes[key] = UInt8(ascii: "x")
        }
    }
}

extension [UInt8] {
    fileprivate func find(_ text: String) -> Int {
        firstRange(of: Array(text.utf8))!.lowerBound
    }

    fileprivate func load<Value: FixedWidthInteger>(_: Value.Type, at position: Int) -> Value {
        withUnsafeBytes { $0.loadUnaligned(fromByteOffset: position, as: Value.self) }
    }

    fileprivate mutating func store<Value: FixedWidthInteger>(_ value: Value, at position: Int) {
        withUnsafeMutableBytes { $0.storeBytes(of: value, toByteOffset: position, as: Value.self) }
    }

    /// Where the fields of a tensor's entry in the table stand.
    fileprivate func tensorInfo(_ name: String) -> (dimensions: Int, type: Int, offset: Int) {
        let end = find(name) + name.utf8.count
        let dimensions = end + 4
        let type = dimensions + 8 * Int(load(UInt32.self, at: end))
        return (dimensions, type, type + 4)
    }
}
