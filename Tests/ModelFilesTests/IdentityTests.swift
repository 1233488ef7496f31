import Foundation
import Testing

@testable import ModelFiles

@Suite struct IdentityTests {
    private func model(
        seed: UInt64, to file: TemporaryFile, _ change: (inout SyntheticModel) -> Void = { _ in }
    ) throws -> Model {
        var synthetic = smallSynthetic(.q8_0, hidden: 128)
        synthetic.seed = seed
        change(&synthetic)
        try synthetic.write(to: file.path, vocabulary: .none(size: 64))
        return try Model(path: file.path)
    }

    @Test func copiesAgreeAndOthersDiffer() throws {
        let files = (0..<4).map { _ in TemporaryFile() }
        let first = try model(seed: 1, to: files[0])
        let copy = try model(seed: 1, to: files[1])
        let otherWeights = try model(seed: 2, to: files[2])
        let otherShape = try model(seed: 1, to: files[3]) { $0.ropeTheta = 20_000 }
        #expect(first.headerHash == copy.headerHash)
        #expect(first.headerHash == otherWeights.headerHash)
        #expect(first.headerHash != otherShape.headerHash)
        #expect(weights(first, 0..<2) == weights(copy, 0..<2))
        #expect(weights(first, 0..<1) != weights(otherWeights, 0..<1))
        #expect(weights(first, 0..<1) != weights(first, 1..<2))
        #expect(weights(first, 0..<1) != first.weightHash(layers: 0..<1, includingEnds: true))
    }

    private func weights(_ model: Model, _ layers: Range<Int>) -> UInt64 {
        model.weightHash(layers: layers, includingEnds: false)
    }

    @Test func oneChangedByteAtATensorsEndShows() throws {
        let file = TemporaryFile()
        let original = try model(seed: 1, to: file)
        let tensor = original.layer(1)[.wDown]
        var bytes = file.bytes
        bytes[tensor.fileRange.upperBound - 1] ^= 1
        let copy = TemporaryFile(bytes)
        let changed = try Model(path: copy.path)
        #expect(weights(changed, 1..<2) != weights(original, 1..<2))
        #expect(weights(changed, 0..<1) == weights(original, 0..<1))
    }
}
