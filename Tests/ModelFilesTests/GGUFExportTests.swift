import Tensors
import TestSupport
import Testing
import Tokenization

@testable import ModelFiles

/// `perform` of one thread.
private func inTurn(_ count: Int, _ body: (Int) -> Void) { (0..<count).forEach(body) }

@Suite struct GGUFExportTests {
    @Test(arguments: ["llama", "llama31", "mistral", "qwen2", "qwen2-yarn", "qwen3", "smollm3", "phi3"])
    func foldersBecomeWhatTheConverterWrites(_ family: String) throws {
        let folder = TestFiles.fixture("families/\(family)")
        let file = TemporaryFile()
        try GGUFExport(Model(path: folder), QuantizationMix(.f32)).write(to: file.path, perform: inTurn)
        let (mine, theirs) = (try Model(path: file.path), try Model(path: "\(folder)/model.gguf"))
        #expect(mine.configuration == theirs.configuration)
        #expect(try mine.values() == theirs.values())
    }

    @Test func mixesSpareTheSensitiveMatrices() throws {
        let (source, target) = (TemporaryFile(), TemporaryFile())
        var synthetic = smallSynthetic(.f16, hidden: 256)
        synthetic.layerCount = 8
        try synthetic.write(to: source.path, vocabulary: .none(size: 100))
        let original = try Model(path: source.path)
        try GGUFExport(original, QuantizationMix(named: "q4_k_m")!).write(to: target.path, perform: inTurn)
        let model = try Model(path: target.path)
        let finer = (0..<8).filter { model.layer($0)[.wDown].type == .q6_K }
        #expect(finer == [0, 3, 6, 7])
        #expect((0..<8).filter { model.layer($0)[.wv].type == .q6_K } == finer)
        #expect(
            (0..<8).allSatisfy { model.layer($0)[.wq].type == .q4_K && model.layer($0)[.attentionNorm].type == .f32 })
        #expect(model.outputHead.type == .q6_K && model.tokenEmbedding.type == .q4_K)
        #expect(try GGUFFile(path: target.path)["general.file_type"]?.integer == 15)
        for layer in 0..<8 {
            #expect(try original.layer(layer)[.wq].relativeDistance(to: model.layer(layer)[.wq]) < 0.1)
            #expect(try original.layer(layer)[.wv].relativeDistance(to: model.layer(layer)[.wv]) < 0.1)
        }
    }

    @Test func matricesOfTheSameTypeAreCopied() throws {
        let (source, target) = (TemporaryFile(), TemporaryFile())
        try smallSynthetic(.q8_0, hidden: 256).write(to: source.path, vocabulary: .none(size: 100))
        let original = try Model(path: source.path)
        try GGUFExport(original, QuantizationMix(.q8_0)).write(to: target.path, perform: inTurn)
        let model = try Model(path: target.path)
        #expect(try original.layer(1)[.wDown].bytes() == model.layer(1)[.wDown].bytes())
        #expect(try original.outputHead.bytes() == model.outputHead.bytes())
    }

    @Test func ggufFilesKeepWhatTheySayOfThemselves() throws {
        let source = TestFiles.fixture("llama2/llama2-f32.gguf")
        let file = TemporaryFile()
        try GGUFExport(Model(path: source), QuantizationMix(.f16)).write(to: file.path, perform: inTurn)
        let (before, after) = (try GGUFFile(path: source), try GGUFFile(path: file.path))
        for key in before.keys where key != "general.file_type" && key != "general.quantization_version" {
            #expect(before[key]!.withBytes { Array($0) } == after[key]?.withBytes { Array($0) })
        }
        #expect(try Model(path: file.path).layer(0)[.wq].type == .f16)
    }

    @Test func tokenizersOfFoldersBecomeKeys() throws {
        let folder = TestFiles.fixture("llama2")
        let file = TemporaryFile()
        let metadata = try HuggingFaceTokenizer(folder: folder).exportedMetadata(count: 512)
        try GGUFWriter(path: file.path, metadata: metadata, tensors: []).finish()
        let reference = try GGUFFile(path: "\(folder)/llama2-f32.gguf").vocabulary()
        let vocabulary = try GGUFFile(path: file.path).vocabulary()
        #expect(vocabulary.count == reference.count && vocabulary.addsBOS == reference.addsBOS)
        #expect(vocabulary.endOfGeneration == reference.endOfGeneration)
        #expect((0..<512).allSatisfy { vocabulary.text(of: $0) == reference.text(of: $0) })
        let text = Array("The ferry left at noon;  naïve 象 passengers\n\twaved.".utf8)
        let (mine, theirs) = (Tokenizer(vocabulary), Tokenizer(reference))
        #expect(
            mine.encode(text, recognizeSpecial: true, addBOS: true)
                == theirs.encode(text, recognizeSpecial: true, addBOS: true))
    }

    @Test func rowsOfAHeadBecomeNeighbours() {
        let order = RowOrder.neighbours(headDim: 6, rotated: 4)
        #expect((0..<12).map(order.source) == [0, 2, 1, 3, 4, 5, 6, 8, 7, 9, 10, 11])
    }

    @Test func namesOfMixes() {
        #expect(QuantizationMix(named: "Q5_K_M") == QuantizationMix(.q5_K, sparesSensitive: true))
        #expect(QuantizationMix(named: "Q4_0") == QuantizationMix(.q4_0))
        #expect(QuantizationMix(named: "Q6_K_M") == nil)
        #expect(Set(QuantizationMix.all.map(\.name)).count == QuantizationMix.all.count)
    }
}

extension Model {
    /// All weights as floats, by name.
    fileprivate func values() throws -> [String: [Float]] {
        let tensors =
            [tokenEmbedding, outputNorm, outputHead] + (0..<configuration.layerCount).flatMap { layer($0).all }
        // Parts of what is fused share a name.
        return Dictionary(try tensors.map { ($0.name, try $0.values()) }, uniquingKeysWith: +)
    }
}

extension TensorView {
    fileprivate func values() throws -> [Float] {
        let stored = try bytes()
        return [Float](unsafeUninitializedCapacity: elementCount) { buffer, count in
            stored.withUnsafeBytes {
                dequantize(storedType, $0.baseAddress!, count: elementCount, into: buffer.baseAddress!)
            }
            count = elementCount
        }
    }

    /// The root mean square of the differences, as a share of that of the values.
    fileprivate func relativeDistance(to other: TensorView) throws -> Float {
        let squares = try zip(values(), other.values()).reduce(into: (Float(0), Float(0))) { sums, pair in
            sums.0 += (pair.0 - pair.1) * (pair.0 - pair.1)
            sums.1 += pair.0 * pair.0
        }
        return (squares.0 / squares.1).squareRoot()
    }
}
