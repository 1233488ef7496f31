import Foundation

@testable import ModelFiles

/// A file name in a fresh folder that goes away with its owner.
final class TemporaryFile: Sendable {
    let path: String
    private let folder: URL

    init(_ name: String = "model.gguf") {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("stagecoach-\(UUID().uuidString)")
        try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        path = folder.appendingPathComponent(name).path
    }

    convenience init(_ bytes: [UInt8]) {
        self.init()
        _ = FileManager.default.createFile(atPath: path, contents: Data(bytes))
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    var bytes: [UInt8] { FileManager.default.contents(atPath: path).map { [UInt8]($0) } ?? [] }

    /// What else lies in the folder, leftovers included.
    var folderContents: [String] { (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [] }
}

/// What opening `bytes` as a file complains about; nil when it opens.
func problem(opening bytes: [UInt8]) -> ModelFileProblem? {
    let file = TemporaryFile(bytes)
    do {
        _ = try GGUFFile(path: file.path)
        return nil
    } catch { return error.problem }
}

/// What opening the file at `path` as a model complains about.
func problem(openingModel path: String) -> ModelFileProblem? {
    do {
        _ = try Model(path: path)
        return nil
    } catch { return error.problem }
}

/// Writes the tensors of `source` under other metadata.
func copyTensors(of source: GGUFFile, to path: String, metadata: [(String, GGUFValue)]) throws {
    let plans = source.tensors.map { GGUFTensorPlan(name: $0.name, dimensions: $0.dimensions, type: $0.type!) }
    let writer = try GGUFWriter(path: path, metadata: metadata.map { (key: $0.0, value: $0.1) }, tensors: plans)
    for tensor in source.tensors {
        try source.file.bytes(tensor.fileRange).withUnsafeBytes { try writer.write($0) }
    }
    try writer.finish()
}

/// The metadata of a SentencePiece vocabulary of eight tokens.
func tinyTokenizer(changing changes: [String: GGUFValue?] = [:]) -> [(key: String, value: GGUFValue)] {
    let tokens = ["<unk>", "<s>", "</s>", "<0x0A>", "a", "b", "ab", "<|im_end|>"]
    var values: [String: GGUFValue] = [
        "model": .string("llama"), "tokens": .strings(tokens), "scores": .floats(tokens.indices.map { -Float($0) }),
        "token_type": .int32s([2, 3, 3, 6, 1, 1, 1, 3]),
    ]
    for (key, value) in changes { values[key] = value }
    return values.sorted { $0.key < $1.key }.map { ("tokenizer.ggml.\($0.key)", $0.value) }
}
