import Kernels
import ModelFiles
import Tensors
import TestSupport
import Testing

@testable import Transformer

@Suite("Quantizing while loading")
struct QuantizedLoadTests {
    /// Row for row what quantizing the whole row gives, whatever the threads.
    @Test(arguments: [ElementType.q8_0, .q4_0, .q4_1, .q5_0, .q5_1, .f16], [1, 3])
    func rowsAreWhatQuantizingThemGives(_ type: ElementType, _ threads: Int) throws {
        let model = try Model(path: TestFiles.fixture("families/qwen2-yarn"), quantization: type)
        let loader = WeightLoader(team: try ThreadTeam(threadCount: threads)) { _ in }
        for tensor in [model.layer(1)[.wGate], model.layer(0)[.wk], model.layer(0)[.wDown]] {
            #expect(tensor.storedType == .f32 && tensor.type == type)
            let matrix = try PackedMatrix(type: tensor.type, rows: tensor.rows, columns: tensor.columns)
            try loader.pack(tensor, into: matrix)
            for row in 0..<tensor.rows {
                #expect(try unpacked(matrix, row) == quantized(tensor, row), "\(tensor.name) row \(row)")
            }
        }
    }

    @Test("What is not to be quantized stays: vectors, the embedding, and rows of no whole blocks")
    func whatStays() throws {
        let model = try Model(path: TestFiles.fixture("families/mistral"), quantization: .q4_K)
        #expect(model.layer(0)[.wq].type == .q5_0 && model.layer(0)[.attentionNorm].type == .f16)
        #expect(model.tokenEmbedding.type == .f16 && model.outputHead.type == .q8_0)
        // 96 columns fill blocks of 32.
        #expect(model.layer(0)[.wo].type == .q5_0)
        let quantized = try Model(path: TestFiles.fixture("llama2/llama2-f32.gguf"), quantization: .q4_0)
        #expect(
            quantized.layer(0)[.wq].type == .q4_0 && quantized.layer(0).byteCount < quantized.layer(0).storedByteCount)
    }

    private func unpacked(_ matrix: PackedMatrix, _ row: Int) -> [Float] {
        [Float](unsafeUninitializedCapacity: matrix.columns) { buffer, count in
            matrix.unpack(row: row, into: buffer.baseAddress!)
            count = matrix.columns
        }
    }

    private func quantized(_ tensor: TensorView, _ row: Int) throws -> [Float] {
        var values = [Float](repeating: 0, count: tensor.columns)
        var stored = [UInt8](repeating: 0, count: tensor.bytesPerRow)
        try tensor.bytes().withUnsafeBytes {
            dequantize(
                tensor.storedType, $0.baseAddress! + row * tensor.storedBytesPerRow, count: tensor.columns,
                into: &values)
        }
        stored.withUnsafeMutableBytes { quantize(tensor.type, values, count: tensor.columns, into: $0.baseAddress!) }
        stored.withUnsafeBytes { dequantize(tensor.type, $0.baseAddress!, count: tensor.columns, into: &values) }
        return values
    }
}
