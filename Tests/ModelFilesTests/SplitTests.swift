import Foundation
import TestSupport
import Testing

@testable import ModelFiles

/// GGUF models in several files.
@Suite struct SplitTests {
    private let source = TestFiles.fixture("llama2/llama2-f32.gguf")
    private let folder = TemporaryFile("parts")

    /// Writes the small Llama 2 in three parts, each with the metadata that `change` makes of its own.
    private func split(_ change: (Int, inout [(key: String, value: GGUFValue)]) -> Void = { _, _ in }) throws {
        let source = try GGUFFile(path: source)
        try FileManager.default.createDirectory(atPath: folder.path, withIntermediateDirectories: true)
        let size = (source.tensors.count + 2) / 3
        for number in 1...3 {
            let tensors = source.tensors.dropFirst((number - 1) * size).prefix(size)
            var metadata: [(key: String, value: GGUFValue)] = number == 1 ? source.keys.map { ($0, source[$0]!) } : []
            metadata += [
                ("split.no", .uint32(UInt32(number - 1))), ("split.count", .uint32(3)),
                ("split.tensors.count", .int32(Int32(source.tensors.count))),
            ]
            change(number, &metadata)
            let plans = tensors.map { GGUFTensorPlan(name: $0.name, dimensions: $0.dimensions, type: $0.type!) }
            let writer = try GGUFWriter(path: path(number), metadata: metadata, tensors: plans)
            for tensor in tensors {
                try source.file.bytes(tensor.fileRange).withUnsafeBytes { try writer.write($0) }
            }
            try writer.finish()
        }
    }

    private func path(_ number: Int) -> String { "\(folder.path)/m-of-l-0000\(number)-of-00003.gguf" }

    @Test(arguments: 1...3) func anyPartOpensAll(_ number: Int) throws {
        try split()
        let (whole, parts) = (try Model(path: source), try Model(path: path(number)))
        #expect(parts.configuration == whole.configuration)
        for layer in 0..<3 {
            for (one, other) in zip(parts.layer(layer).all, whole.layer(layer).all) {
                #expect(try one.bytes() == other.bytes(), "\(one.name)")
            }
        }
        #expect(try parts.vocabulary().count == 512)
        #expect(parts.source.byteCount > whole.source.byteCount && parts.headerHash != whole.headerHash)
    }

    @Test func partsThatDoNotBelong() throws {
        try split { number, metadata in
            if number == 2 { metadata.removeAll { $0.key == "split.no" } }
        }
        #expect(problem(openingModel: path(1)) == .foreignPart(number: 2, parts: 3))
        try split { number, metadata in
            if number == 3 {
                metadata.removeAll { $0.key == "split.count" }
                metadata.append(("split.count", .uint32(4)))
            }
        }
        #expect(problem(openingModel: path(1)) == .foreignPart(number: 3, parts: 3))
        try split { number, metadata in
            if number == 1 {
                metadata.removeAll { $0.key == "split.tensors.count" }
                metadata.append(("split.tensors.count", .int32(99)))
            }
        }
        guard case .missingTensor = problem(openingModel: path(1)) else {
            Issue.record("a model that lacks tensors opened")
            return
        }
        try split()
        try FileManager.default.copyItem(atPath: path(1), toPath: "\(folder.path)/other.gguf")
        #expect(problem(openingModel: "\(folder.path)/other.gguf") == .splitFile(parts: 3))
        try FileManager.default.removeItem(atPath: path(2))
        guard case .unreadable = problem(openingModel: path(1)) else {
            Issue.record("a model without its second part opened")
            return
        }
    }

    @Test func names() {
        let name = SplitName("/a/b-00002-of-00013.gguf")
        #expect(name?.number == 2 && name?.count == 13 && name?.path(of: 13) == "/a/b-00013-of-00013.gguf")
        for wrong in [
            "b.gguf", "b-00002-of-00001.gguf", "b-00000-of-00001.gguf", "b-2-of-3.gguf", "b-00001-of-00003.bin",
            "b-00001-in-00003.gguf", "00001-of-00003.gguf",
        ] {
            #expect(SplitName(wrong) == nil, "\(wrong)")
        }
    }
}
