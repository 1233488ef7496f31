import Tensors
import TestSupport
import Testing

@testable import ModelFiles

/// Each wrong header gets its own answer, and none costs memory or a trap.
@Suite struct HostileHeaderTests {
    private func file(tensors: UInt64 = 0, keys: UInt64 = 0, _ rest: (inout GGUFEncoder) -> Void = { _ in }) -> [UInt8]
    {
        var encoder = GGUFEncoder()
        encoder.append(UInt32(0x4655_4747))
        encoder.append(UInt32(3))
        encoder.append(tensors)
        encoder.append(keys)
        rest(&encoder)
        return encoder.bytes
    }

    /// A file with one tensor entry and 64 bytes of data.
    private func tensor(
        name: String = "t", dimensions: [UInt64] = [16], count: UInt32? = nil, type: UInt32 = 0, offset: UInt64 = 0
    ) -> [UInt8] {
        let header = file(tensors: 1) {
            $0.append(text: name.utf8)
            $0.append(count ?? UInt32(dimensions.count))
            for size in dimensions { $0.append(size) }
            $0.append(type)
            $0.append(offset)
        }
        return header + [UInt8](repeating: 0, count: header.count.rounded(upTo: 32) - header.count + 64)
    }

    @Test func notGGUF() {
        #expect(problem(opening: []) == .notGGUF(looksLike: "the file is empty, download it again"))
        #expect(problem(opening: Array("GGU".utf8)) == .notGGUF(looksLike: "it starts with 'GGU' instead of 'GGUF'"))
        for start in ["version https://git-lfs.github.com/spec/v1", "<!DOCTYPE html>", "PK\u{3}\u{4}", "tjgg1234"] {
            guard case .notGGUF(let text) = problem(opening: Array(start.utf8)) else {
                Issue.record("\(start) opened")
                continue
            }
            #expect(!text.contains("instead"))
        }
        let safetensors: [UInt8] = [9, 0, 0, 0, 0, 0, 0, 0] + Array("{\"a\":1}  ".utf8)
        #expect(problem(opening: safetensors) == .notGGUF(looksLike: "it looks like safetensors, convert it to GGUF"))
    }

    @Test func versions() {
        var bytes = file()
        bytes[4] = 1
        #expect(problem(opening: bytes) == .unsupportedVersion(1))
        bytes[4] = 4
        #expect(problem(opening: bytes) == .unsupportedVersion(4))
        bytes.replaceSubrange(4..<8, with: [0, 0, 0, 3])
        #expect(problem(opening: bytes) == .bigEndian)
    }

    @Test func unreadable() {
        for path in [TestFiles.absent("model.gguf"), "/tmp", "/dev/null"] {
            #expect(throws: ModelFileError.self) { try GGUFFile(path: path) }
        }
    }

    @Test func countsBeyondTheFile() {
        #expect(
            problem(opening: file(keys: 1 << 60))
                == .impossibleCount(item: "metadata keys", count: 1 << 60, position: 16))
        #expect(problem(opening: file(tensors: .max)) == .impossibleCount(item: "tensors", count: .max, position: 8))
        let text = file(keys: 1) { $0.append(UInt64(1) << 63) } + [UInt8](repeating: 65, count: 32)
        guard case .impossibleCount(_, 0x8000_0000_0000_0000, 24) = problem(opening: text) else {
            Issue.record("a string of 2^63 bytes: \(String(describing: problem(opening: text)))")
            return
        }
        for type in GGUFValueType.allCases {
            let array = file(keys: 1) {
                $0.append(text: "k".utf8)
                $0.append(GGUFValueType.array.rawValue)
                $0.append(type.rawValue)
                $0.append(UInt64(1) << 61)
            }
            guard case .impossibleCount = problem(opening: array + [0, 0, 0]) else {
                Issue.record("an array of 2^61 of \(type) opened")
                continue
            }
        }
    }

    @Test func keys() {
        func key(_ name: [UInt8], type: UInt32 = 7, _ value: [UInt8] = [1]) -> [UInt8] {
            file(keys: 1) {
                $0.append(text: name)
                $0.append(type)
            } + value
        }
        #expect(problem(opening: key([65])) == nil)
        #expect(problem(opening: key([65], type: 13)) == .unknownValueType(key: "A", number: 13))
        #expect(
            problem(opening: key([65], [2]))
                == .invalidValue(key: "A", reason: "holds a truth value that is neither 0 nor 1"))
        for name in [[], [0x1B], [0xC3, 0xA4], [UInt8](repeating: 65, count: 65_536)] as [[UInt8]] {
            guard case .invalidName = problem(opening: key(name) + [0, 0, 0, 0, 0]) else {
                Issue.record("key \(printable(name)) opened")
                continue
            }
        }
        let twice = file(keys: 2) {
            $0.append(key: "k", .bool(true))
            $0.append(key: "k", .bool(false))
        }
        #expect(problem(opening: twice) == .duplicate(item: "metadata key 'k'"))
    }

    @Test func nestedArrays() {
        // Four billion levels would fit into nobody's stack.
        let deep = file(keys: 1) {
            $0.append(text: "k".utf8)
            $0.append(GGUFValueType.array.rawValue)
            for _ in 0..<10_000 {
                $0.append(GGUFValueType.array.rawValue)
                $0.append(UInt64(1))
            }
        }
        #expect(problem(opening: deep) == .nestedTooDeep(key: "k"))
    }

    @Test func alignment() {
        for value in [0, 1, 4, 12, 24, 33, 1 << 25] as [UInt32] {
            let bytes = file(keys: 1) { $0.append(key: "general.alignment", .uint32(value)) }
            #expect(problem(opening: bytes) == .invalidAlignment(Int(value)))
        }
        for value in [.string("32"), .int32(-8), .uint64(.max), .int32s([32])] as [GGUFValue] {
            let bytes = file(keys: 1) { $0.append(key: "general.alignment", value) }
            #expect(
                problem(opening: bytes) == .invalidValue(key: "general.alignment", reason: "is no positive integer"))
        }
    }

    @Test func tensorShapes() {
        #expect(problem(opening: tensor()) == nil)
        for bytes in [
            tensor(dimensions: [], count: 0), tensor(dimensions: [1, 1, 1, 1, 16]), tensor(dimensions: [0]),
            tensor(dimensions: [16], count: .max), tensor(dimensions: [1 << 63]),
            tensor(dimensions: [1 << 62, 1 << 62]),
            tensor(dimensions: [1 << 61, 2]), tensor(dimensions: [33], type: 2),
        ] {
            guard case .invalidDimensions = problem(opening: bytes) else {
                Issue.record("\(String(describing: problem(opening: bytes)))")
                continue
            }
        }
    }

    @Test func tensorPlaces() {
        let start = UInt64(tensor().count - 64)
        #expect(
            problem(opening: tensor(offset: 8)) == .misalignedTensor(tensor: "t", offset: 8, alignment: 32))
        #expect(
            problem(opening: tensor(offset: 32))
                == .tensorOutsideFile(tensor: "t", first: start + 32, end: start + 96, size: Int(start) + 64))
        #expect(
            problem(opening: tensor(offset: .max - 31))
                == .tensorOutsideFile(tensor: "t", first: .max, end: .max, size: Int(start) + 64))
        #expect(
            problem(opening: tensor(dimensions: [1 << 59]))
                == .tensorOutsideFile(tensor: "t", first: start, end: start + 1 << 61, size: Int(start) + 64))
    }

    @Test func tensorsThatOverlapOrRepeat() {
        func two(_ names: (String, String), offset: UInt64) -> [UInt8] {
            file(tensors: 2) {
                for (name, offset) in [(names.0, 0), (names.1, offset)] {
                    $0.append(text: name.utf8)
                    $0.append(UInt32(1))
                    $0.append(UInt64(16))
                    $0.append(UInt32(0))
                    $0.append(offset)
                }
            } + [UInt8](repeating: 0, count: 256)
        }
        #expect(problem(opening: two(("a", "b"), offset: 64)) == nil)
        #expect(problem(opening: two(("a", "b"), offset: 32)) == .overlappingTensors("a", "b"))
        #expect(problem(opening: two(("a", "a"), offset: 64)) == .duplicate(item: "tensor 'a'"))
    }

    @Test func everyTruncationOfARealHeader() throws {
        let whole = TemporaryFile()
        try smallSynthetic(.q4_0).write(
            to: whole.path, vocabulary: .from(GGUFFile(path: TestFiles.fixture("llama2/llama2-f32.gguf"))))
        let bytes = whole.bytes
        let header = try GGUFFile(path: whole.path).headerByteCount
        let cuts = Array(stride(from: 0, to: header, by: 97)) + Array(stride(from: header, to: bytes.count, by: 5003))
        for count in cuts + [bytes.count - 1] {
            #expect(problem(opening: Array(bytes.prefix(count))) != nil, "\(count) of \(bytes.count) bytes opened")
        }
    }

    @Test func sentencesNameFileProblemAndCure() {
        let error = ModelFileError(
            path: "model.gguf",
            problem: .tensorOutsideFile(tensor: "blk.3.attn_q.weight", first: 1000, end: 2000, size: 1500))
        #expect(
            error.description
                == "model.gguf: tensor 'blk.3.attn_q.weight' needs bytes 1000..<2000 but the file ends at 1500: "
                + "the file is truncated, download it again")
    }
}
