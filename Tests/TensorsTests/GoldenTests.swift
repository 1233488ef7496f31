import Foundation
import TestSupport
import Testing

@testable import Tensors

/// Fixtures are written by scripts/quantization-goldens with the `gguf` Python package.
private func fixture(_ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(fileURLWithPath: TestFiles.fixture("quantization/\(name)"))))
}

private func floats(_ name: String) throws -> [Float] {
    try fixture(name).withUnsafeBytes { bytes in
        stride(from: 0, to: bytes.count, by: 4).map { bytes.loadUnaligned(fromByteOffset: $0, as: Float.self) }
    }
}

func dequantized(_ type: ElementType, _ bytes: [UInt8]) -> [Float] {
    let count = bytes.count / type.blockByteCount * type.blockLength
    return [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
        bytes.withUnsafeBytes { dequantize(type, $0.baseAddress!, count: count, into: buffer.baseAddress!) }
        initialized = count
    }
}

func quantized(_ type: ElementType, _ values: [Float]) -> [UInt8] {
    let count = type.byteCount(of: values.count)
    return [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
        quantize(type, values, count: values.count, into: buffer.baseAddress!)
        initialized = count
    }
}

@Suite struct GoldenTests {
    @Test(arguments: ElementType.allCases.filter { $0 != .f32 })
    func dequantizesToTheBit(_ type: ElementType) throws {
        let values = dequantized(type, try fixture("\(type.name).blocks"))
        let expected = try floats("\(type.name).values")
        #expect(values.count == expected.count)
        #expect(zip(values, expected).allSatisfy { $0.bitPattern == $1.bitPattern })
    }

    @Test(arguments: [ElementType.f16, .bf16, .q4_0, .q4_1, .q5_0, .q5_1, .q8_0])
    func quantizesToTheBit(_ type: ElementType) throws {
        let values = try floats("quantize.values")
        let expected = try fixture("\(type.name).quantized")
        #expect(quantized(type, values) == expected)
    }

    @Test func unalignedBlocks() throws {
        let blocks = try fixture("Q5_1.blocks")
        let expected = try floats("Q5_1.values")
        var values = [Float](repeating: 0, count: 32)
        ([0] + blocks).withUnsafeBytes { dequantize(.q5_1, $0.baseAddress! + 1, count: 32, into: &values) }
        #expect(values == Array(expected.prefix(32)))
    }
}
