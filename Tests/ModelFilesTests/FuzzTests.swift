import Foundation
import Testing

@testable import ModelFiles
@testable import Tensors

/// Mutates headers. Whatever opens is used as a program would use it; nothing may trap, hang or ask
/// for memory that the file does not have. The seed and the number of files are fixed, so a failure comes back.
@Suite struct FuzzTests {
    /// In a process of its own: the tests beside it take memory too.
    @Test func mutatedHeaders() async {
        await #expect(processExitsWith: .success) { try FuzzTests().mutateHeaders() }
    }

    private func mutateHeaders() throws {
        let original = TemporaryFile()
        let tokenizer = TemporaryFile()
        try GGUFWriter(path: tokenizer.path, metadata: tinyTokenizer(), tensors: []).finish()
        try smallSynthetic(.q4_0, hidden: 32).write(
            to: original.path, vocabulary: .from(GGUFFile(path: tokenizer.path)))
        let bytes = original.bytes
        let headerEnd = try GGUFFile(path: original.path).headerByteCount
        let mutated = TemporaryFile()
        let descriptor = try #require(fopen(mutated.path, "w"))
        defer { fclose(descriptor) }
        var random = RandomWeights(seed: 20_261_123, stream: 0)
        let addressSpace = peakAddressSpace()
        let files = 2000
        var opened = 0
        for _ in 0..<files {
            var changed = bytes
            for _ in 0...random.below(3) { mutate(&changed, headerEnd: headerEnd, &random) }
            ftruncate(fileno(descriptor), 0)
            pwrite(fileno(descriptor), changed, changed.count, 0)
            if use(mutated.path) { opened += 1 }
        }
        // Both sides of the border were visited.
        #expect(opened > 0 && opened < files)
        #expect(peakAddressSpace() - addressSpace < 1 << 31)
    }

    private func mutate(_ bytes: inout [UInt8], headerEnd: Int, _ random: inout RandomWeights) {
        let place = place(headerEnd: headerEnd, &random)
        guard place + 24 < bytes.count else { return }
        switch random.below(6) {
        case 0: bytes[place] ^= 1 << UInt8(random.below(8))
        case 1: bytes[place] = UInt8(random.below(256))
        case 2:
            let values: [UInt64] = [0, 1, .max, 1 << 63, 1 << 31, 1 << 32, 1 << 60, UInt64(bytes.count), random.next()]
            let value = values[random.below(values.count)]
            withUnsafeBytes(of: value.littleEndian) { bytes.replaceSubrange(place..<place + 8, with: $0) }
        case 3:
            let value: UInt32 = [0, 1, .max, 1 << 31, 9, 8, 30][random.below(7)]
            withUnsafeBytes(of: value.littleEndian) { bytes.replaceSubrange(place..<place + 4, with: $0) }
        case 4: bytes.removeSubrange(place...place + random.below(16))
        default: bytes.removeLast(random.below(bytes.count))
        }
    }

    /// Mostly among the keys in the first half, else in the tensor table at the end.
    private func place(headerEnd: Int, _ random: inout RandomWeights) -> Int {
        switch random.below(8) {
        case 0: random.below(headerEnd)
        case 1...3: headerEnd - 1 - random.below(headerEnd / 2)
        default: random.below(headerEnd / 2)
        }
    }

    /// Opens a file and touches everything in it; false where it is refused.
    private func use(_ path: String) -> Bool {
        guard let file = try? GGUFFile(path: path) else { return false }
        for key in file.keys {
            guard let value = file[key] else { continue }
            _ = (value.integer, value.number, value.bool, value.string, value.elementCount)
            _ = (value.integers?.count, value.floats?.count, value.texts?.count, value.elements?.count)
        }
        _ = try? file.vocabulary()
        guard let model = try? Model(path: path) else { return false }
        _ = (model.headerHash, model.weightHash(layers: 0..<model.configuration.layerCount, includingEnds: true))
        _ = ModelSummary(model).lines
        _ = try? model.vocabulary()
        return true
    }

    private func peakAddressSpace() -> Int {
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmPeak:") } ?? "VmPeak: 0 kB"
        return (Int(line.split(separator: " ").dropLast().last ?? "0") ?? 0) << 10
    }
}

extension RandomWeights {
    fileprivate mutating func below(_ limit: Int) -> Int { Int(next() % UInt64(limit)) }
}
