import Foundation
import TestSupport

@testable import ModelFiles

/// A copy of a small Hugging Face folder, changed in some place.
final class FolderVariant {
    let path: String
    private let file = TemporaryFile("folder")

    init(_ name: String = "families/llama31") throws {
        path = file.path
        try FileManager.default.copyItem(atPath: TestFiles.fixture(name), toPath: path)
        for extra in ["model.gguf", "reference.json"] { remove(extra) }
    }

    func remove(_ name: String) { try? FileManager.default.removeItem(atPath: "\(path)/\(name)") }

    func write(_ name: String, _ text: String) throws {
        try text.write(toFile: "\(path)/\(name)", atomically: false, encoding: .utf8)
    }

    func write(_ name: String, bytes: [UInt8]) throws {
        try Data(bytes).write(to: URL(fileURLWithPath: "\(path)/\(name)"))
    }

    func bytes(_ name: String) -> [UInt8] {
        FileManager.default.contents(atPath: "\(path)/\(name)").map(Array.init) ?? []
    }

    /// Sets values of config.json, given as JSON; nil removes one.
    func set(_ changes: [String: String?]) throws {
        let data = Data(bytes("config.json"))
        var settings = try JSONSerialization.jsonObject(with: data) as? [String: Any] ?? [:]
        for (key, text) in changes {
            settings[key] = try text.map {
                try JSONSerialization.jsonObject(with: Data($0.utf8), options: .fragmentsAllowed)
            }
        }
        try write("config.json", bytes: Array(try JSONSerialization.data(withJSONObject: settings)))
    }

    func open() throws -> Model { try Model(path: path) }

    /// What opening it complains about; nil when it opens.
    func problem() -> ModelFileProblem? { ModelFilesTests.problem(openingModel: path) }
}

/// A safetensors file: its table as JSON, then so many bytes of zeros.
func safetensors(_ header: String, dataByteCount: Int = 64) -> [UInt8] {
    let length = withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Array($0) }
    return length + Array(header.utf8) + [UInt8](repeating: 0, count: dataByteCount)
}
