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
        #expect(try weights(first, 0..<2) == weights(copy, 0..<2))
        #expect(try weights(first, 0..<1) != weights(otherWeights, 0..<1))
        #expect(try weights(first, 0..<1) != weights(first, 1..<2))
        #expect(try weights(first, 0..<1) != first.weightHash(layers: 0..<1, includingEnds: true))
    }

    private func weights(_ model: Model, _ layers: Range<Int>) throws -> UInt64 {
        try model.weightHash(layers: layers, includingEnds: false)
    }

    @Test func oneChangedByteAtATensorsEndShows() throws {
        let file = TemporaryFile()
        let original = try model(seed: 1, to: file)
        let tensor = original.layer(1)[.wDown]
        var bytes = file.bytes
        bytes[tensor.fileRange.upperBound - 1] ^= 1
        let copy = TemporaryFile(bytes)
        let changed = try Model(path: copy.path)
        #expect(try weights(changed, 1..<2) != weights(original, 1..<2))
        #expect(try weights(changed, 0..<1) == weights(original, 0..<1))
    }

    /// As a download in pieces leaves it that never ended: a mebibyte of zeros, wherever it begins in a tensor.
    @Test(arguments: [0, 4095, 4096, 1_048_575, 1_100_000, (1 << 20) + 12_345, 3 << 20])
    func aHoleOfAMebibyteShows(_ offset: Int) throws {
        let file = TemporaryFile()
        let original = try model(seed: 1, to: file) { $0.intermediateSize = 1 << 15 }
        let range = original.layer(1)[.wDown].fileRange
        #expect(range.count > 4 << 20)
        var bytes = file.bytes
        let start = min(range.lowerBound + offset, range.upperBound - 1 << 20)
        bytes.replaceSubrange(start..<start + 1 << 20, with: repeatElement(0, count: 1 << 20))
        let copy = TemporaryFile(bytes)
        let changed = try Model(path: copy.path)
        #expect(try weights(changed, 1..<2) != weights(original, 1..<2))
        #expect(try changed.identity() != original.identity())
    }

    @Test func samplesCoverSmallTensorsAndBothEnds() {
        #expect(TensorSamples.ranges(in: 7..<7).isEmpty)
        #expect(TensorSamples.ranges(in: 7..<100) == [7..<100])
        #expect(TensorSamples.ranges(in: 10..<4106) == [10..<4106])
        #expect(TensorSamples.ranges(in: 0..<5000) == [0..<4096, 904..<5000])
        let size = 1 << 20
        #expect(
            TensorSamples.ranges(in: 3..<2 * size + 50)
                == [3..<4099, size + 3..<size + 4099, 2 * size + 3..<2 * size + 50, 2 * size - 4046..<2 * size + 50])
    }
}
