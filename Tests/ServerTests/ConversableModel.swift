import Foundation
import ModelFiles
import TestSupport

/// The small Llama 2, which has no chat template, with that of its family.
enum ConversableModel {
    private struct Fixture: Decodable {
        let template: String
    }

    /// The model, from a file that is gone again: it stays open.
    static func open() throws -> Model {
        let path = NSTemporaryDirectory() + "stagecoach-\(UUID().uuidString).gguf"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let source = try GGUFFile(path: TestFiles.fixture("llama2/llama2-f32.gguf"))
        let fixture = try JSONDecoder().decode(
            Fixture.self, from: Data(contentsOf: URL(fileURLWithPath: TestFiles.fixture("chat/llama2.json"))))
        let metadata = source.keys.map { ($0, source.metadata[$0]!) }
        let writer = try GGUFWriter(
            path: path, metadata: metadata + [("tokenizer.chat_template", .text(Array(fixture.template.utf8)))],
            tensors: source.tensors.map { .init(name: $0.name, dimensions: $0.dimensions, type: $0.type!) })
        for tensor in source.tensors {
            try source.file.bytes(tensor.fileRange).withUnsafeBytes { try writer.write($0) }
        }
        try writer.finish()
        return try Model(path: path)
    }
}
