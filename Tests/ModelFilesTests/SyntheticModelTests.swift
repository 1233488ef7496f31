import Glibc
import Tensors
import TestSupport
import Testing
import Tokenization

@testable import ModelFiles

func smallSynthetic(_ type: ElementType = .f32, hidden: Int = 64) -> SyntheticModel {
    SyntheticModel(
        layerCount: 2, hiddenSize: hidden, intermediateSize: 2 * hidden, headCount: 4, kvHeadCount: 2, type: type)
}

@Suite struct SyntheticModelTests {
    @Test(arguments: ElementType.allCases)
    func everyTypeOpens(_ type: ElementType) throws {
        let file = TemporaryFile()
        try smallSynthetic(type, hidden: 256).write(to: file.path, vocabulary: .none(size: 100))
        let model = try Model(path: file.path)
        #expect(model.layer(1)[.wDown].type == type)
        #expect(model.tokenEmbedding.type == type)
        let head: ElementType = type.isQuantized && type != .q8_0 ? .q6_K : type
        #expect(model.outputHead.type == head)
        #expect(model.layer(0)[.attentionNorm].type == .f32)
        #expect(model.configuration.vocabSize == 100 && model.configuration.headDim == 64)
    }

    @Test func aHollowModelHasTheShapeAndTakesNoRoom() throws {
        let (whole, hollow) = (TemporaryFile(), TemporaryFile())
        var synthetic = smallSynthetic(.q4_0, hidden: 1024)
        synthetic.layerCount = 20
        try smallSynthetic(.q4_0, hidden: 1024).write(to: whole.path, vocabulary: .none(size: 100))
        try synthetic.writeHollow(to: hollow.path, vocabulary: .none(size: 100))
        let model = try Model(path: hollow.path)
        #expect(model.configuration.layerCount == 20)
        #expect(try Model(path: whole.path).layer(1).byteCount == model.layer(19).byteCount)
        #expect(try model.layer(19)[.wDown].bytes().allSatisfy { $0 == 0 })
        var status = stat()
        #expect(stat(hollow.path, &status) == 0)
        #expect(status.st_size > 100_000_000 && status.st_blocks * 512 < 10_000_000)
        #expect(hollow.folderContents == ["model.gguf"])
    }

    @Test func rowsThatAreNoWholeBlocksFallBack() throws {
        let file = TemporaryFile()
        try smallSynthetic(.q4_K, hidden: 96).write(to: file.path, vocabulary: .none(size: 10))
        let model = try Model(path: file.path)
        #expect(model.layer(0)[.wq].type == .q5_0)
        #expect(model.outputHead.type == .q8_0)
        let odd = TemporaryFile()
        try smallSynthetic(.q4_0, hidden: 40).write(to: odd.path, vocabulary: .none(size: 10))
        #expect(try Model(path: odd.path).layer(0)[.wq].type == .f16)
    }

    @Test func copiesTheTokenizerAsItIs() throws {
        let source = try GGUFFile(path: TestFiles.fixture("llama2/llama2-f32.gguf"))
        let file = TemporaryFile()
        var synthetic = smallSynthetic(.q8_0)
        synthetic.hasTiedOutputHead = true
        synthetic.ropeTheta = 500_000
        synthetic.contextLength = 77
        synthetic.headDim = 32
        var last = (0, 0)
        try synthetic.write(to: file.path, vocabulary: .from(source)) { last = ($0, $1) }
        let model = try Model(path: file.path)
        let copy = try GGUFFile(path: file.path)
        for key in source.keys where key.hasPrefix("tokenizer.") {
            let bytes = source[key]!.withBytes { Array($0) }
            #expect(copy[key]?.withBytes { Array($0) } == bytes)
        }
        #expect(model.configuration.vocabSize == 512 && model.configuration.hasTiedOutputHead)
        #expect(model.configuration.rope.theta == 500_000 && model.configuration.contextLength == 77)
        #expect(model.layer(0)[.wq].rows == 128)
        #expect(last.1 == file.bytes.count && last.0 <= last.1)
    }

    @Test func sameSeedSameFile() throws {
        let files = [TemporaryFile(), TemporaryFile(), TemporaryFile()]
        for (file, seed) in zip(files, [1, 1, 2] as [UInt64]) {
            var synthetic = smallSynthetic(.q4_1)
            synthetic.seed = seed
            try synthetic.write(to: file.path, vocabulary: .none(size: 33))
        }
        #expect(files[0].bytes == files[1].bytes)
        #expect(files[0].bytes != files[2].bytes)
    }

    @Test func impossibleShapesAreRefused() {
        let changes: [(inout SyntheticModel) -> Void] = [
            { $0.layerCount = 0 }, { $0.hiddenSize = -64 }, { $0.intermediateSize = .max }, { $0.headCount = 5 },
            { $0.kvHeadCount = 3 }, { $0.headDim = 33 }, { $0.contextLength = 0 }, { $0.ropeTheta = .nan },
            { $0.outputHeadType = .q4_K }, { $0.rmsNormEpsilon = 0 },
        ]
        for change in changes {
            let file = TemporaryFile()
            var synthetic = smallSynthetic()
            change(&synthetic)
            #expect(throws: ModelFileError.self) { try synthetic.write(to: file.path, vocabulary: .none(size: 10)) }
            #expect(file.folderContents.isEmpty)
        }
    }

    /// The vocabulary is written as tokenizer.model and read back as the one it came from.
    @Test func folders() throws {
        let source = try GGUFFile(path: TestFiles.fixture("llama2/llama2-f32.gguf"))
        let folder = TemporaryFile("folder")
        var synthetic = smallSynthetic(.bf16)
        synthetic.contextLength = 99
        var last = (0, 0)
        try synthetic.write(folder: folder.path, vocabulary: .from(source)) { last = ($0, $1) }
        let model = try Model(path: folder.path)
        #expect(model.configuration.vocabSize == 512 && model.configuration.contextLength == 99)
        #expect(model.layer(1)[.wDown].storedType == .bf16 && model.layer(1)[.attentionNorm].storedType == .bf16)
        #expect(last.0 == last.1 && last.0 > 0)
        let (written, original) = (try model.vocabulary(), try source.vocabulary())
        #expect(written.bos == 1 && written.endOfGeneration == original.endOfGeneration && written.addsBOS)
        for id in 0..<TokenID(512) {
            #expect(written.text(of: id) == original.text(of: id) && written.kind(of: id) == original.kind(of: id))
        }
    }

    @Test func foldersHoldPlainFloatsAndSentencePiece() throws {
        let folder = TemporaryFile("folder")
        #expect(throws: ModelFileError.self) {
            try smallSynthetic(.q8_0).write(folder: folder.path, vocabulary: .none(size: 10))
        }
        let tokenizer = TemporaryFile()
        let metadata = tinyTokenizer(changing: ["model": .string("gpt2")])
        try GGUFWriter(path: tokenizer.path, metadata: metadata, tensors: []).finish()
        #expect(throws: ModelFileError.self) {
            try smallSynthetic(.f16).write(folder: folder.path, vocabulary: .from(GGUFFile(path: tokenizer.path)))
        }
    }
}
