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

    /// The same for the files of a Hugging Face folder.
    @Test func mutatedFolders() async {
        await #expect(processExitsWith: .success) { try FuzzTests().mutateFolders() }
    }

    private func mutateFolders() throws {
        let folder = try FolderVariant("families/llama")
        try folder.write("tokenizer.json", bytes: FolderVariant("tokenization/prepend").bytes("tokenizer.json"))
        try folder.write("tokenizer.model", bytes: FolderVariant("llama2").bytes("tokenizer.model"))
        try folder.write(
            "tokenizer_config.json",
            #"{"bos_token": "<s>", "added_tokens_decoder": {"7": {"content": "<|x|>", "special": true}}}"#)
        var random = RandomWeights(seed: 20_261_125, stream: 0)
        let addressSpace = peakAddressSpace()
        var opened = 0
        let rounds = 300
        for name in [
            "config.json", "model.safetensors.index.json", "model-00002-of-00002.safetensors", "tokenizer.json",
            "tokenizer.model", "tokenizer_config.json",
        ] {
            let bytes = folder.bytes(name)
            // Only what stands before the weights.
            let end = min(bytes.count, name.hasSuffix(".safetensors") ? 2000 : 8000)
            for _ in 0..<rounds {
                var changed = bytes
                for _ in 0...random.below(3) { mutateText(&changed, end: end, &random) }
                try folder.write(name, bytes: changed)
                if useFolder(folder) { opened += 1 }
            }
            if name == "tokenizer.json" { folder.remove(name) } else { try folder.write(name, bytes: bytes) }
        }
        #expect(opened > 0 && opened < 6 * rounds)
        #expect(peakAddressSpace() - addressSpace < 1 << 31)
    }

    private func mutateText(_ bytes: inout [UInt8], end: Int, _ random: inout RandomWeights) {
        let place = random.below(min(end, bytes.count - 32))
        switch random.below(6) {
        case 0: bytes[place] ^= 1 << UInt8(random.below(8))
        case 1:
            let signs = Array("0123456789-{}[]\",:\\e.".utf8)
            bytes[place] = signs[random.below(signs.count)]
        case 2: bytes.insert(contentsOf: Array("9999999999".utf8), at: place)
        case 3: bytes.removeSubrange(place...place + random.below(16))
        case 4: bytes.insert(contentsOf: bytes[place...place + random.below(30)], at: place)
        default: bytes.removeLast(random.below(bytes.count / 2))
        }
    }

    private func useFolder(_ folder: FolderVariant) -> Bool {
        let hasVocabulary = (try? openVocabulary(path: folder.path)) != nil
        guard let model = try? Model(path: folder.path, quantization: .q4_0) else { return false }
        _ = (model.headerHash, try? model.weightHash(layers: 0..<model.configuration.layerCount, includingEnds: true))
        _ = (ModelSummary(model).lines, try? model.samplingDefaults(), model.chatTemplate)
        _ = try? model.vocabulary()
        return hasVocabulary
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
        _ = (model.headerHash, try? model.weightHash(layers: 0..<model.configuration.layerCount, includingEnds: true))
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
