import Glibc
import Tensors
import TestSupport
import Testing

@testable import ModelFiles

@Suite struct GGUFFileTests {
    /// Every type, alone and in arrays, survives writing and reading.
    @Test func everyMetadataType() throws {
        let scalars: [(String, GGUFValue)] = [
            ("u32", .uint32(7)), ("i32", .int32(-7)), ("u64", .uint64(1 << 40)), ("f32", .float32(0.5)),
            ("f64", .float64(-0.25)), ("yes", .bool(true)), ("no", .bool(false)), ("text", .text([0xFF, 0x41])),
            ("u8", GGUFValue(type: .uint8, bytes: [200])), ("i8", GGUFValue(type: .int8, bytes: [200])),
            ("u16", GGUFValue(type: .uint16, bytes: [0xFF, 0xFF])),
            ("i16", GGUFValue(type: .int16, bytes: [0xFF, 0xFF])),
            ("i64", GGUFValue(type: .int64, bytes: [UInt8](repeating: 0xFF, count: 8))),
            ("big", .uint64(.max)), ("empty", .string("")),
        ]
        let arrays = scalars.map { ("array.\($0.0)", GGUFValue.array(of: $0.1.type, [$0.1, $0.1])) }
        let nested = GGUFValue.array(of: .array, [.int32s([1, 2]), .strings(["a", ""]), .int32s([])])
        let file = TemporaryFile()
        let metadata = scalars + arrays + [("nested", nested)]
        try GGUFWriter(path: file.path, metadata: metadata.map { (key: $0.0, value: $0.1) }, tensors: []).finish()
        let read = try GGUFFile(path: file.path)
        #expect(read.keys == metadata.map(\.0) && read.version == 3 && read.tensors.isEmpty)
        for (key, value) in metadata {
            let found = try #require(read[key])
            #expect(found.type == value.type)
            #expect(found.withBytes { Array($0) } == value.withBytes { Array($0) })
        }
        #expect(read["u8"]?.integer == 200 && read["i8"]?.integer == -56 && read["u16"]?.integer == 65535)
        #expect(read["i16"]?.integer == -1 && read["u32"]?.integer == 7 && read["i32"]?.integer == -7)
        #expect(read["u64"]?.integer == 1 << 40 && read["i64"]?.integer == -1 && read["big"]?.integer == nil)
        #expect(read["f32"]?.number == 0.5 && read["f64"]?.number == -0.25 && read["i32"]?.number == -7)
        #expect(read["yes"]?.bool == true && read["no"]?.bool == false && read["u8"]?.bool == nil)
        #expect(read["text"]?.text == [0xFF, 0x41] && read["text"]?.string == "\u{FFFD}A")
        #expect(read["empty"]?.string == "" && read["u8"]?.text == nil && read["absent"] == nil)
        #expect(read["array.i8"]?.integers == [-56, -56] && read["array.yes"]?.bools == [true, true])
        #expect(read["array.f32"]?.floats == [0.5, 0.5] && read["array.f64"]?.floats == [-0.25, -0.25])
        #expect(read["array.text"]?.texts == [[0xFF, 0x41], [0xFF, 0x41]] && read["array.big"]?.integers == nil)
        #expect(read["array.text"]?.integers == nil && read["array.u8"]?.texts == nil && read["u8"]?.elements == nil)
        let inner = try #require(read["nested"]?.elements)
        #expect(inner.count == 3 && inner[0].integers == [1, 2] && inner[1].texts == [[0x61], []])
        #expect(inner[2].elementCount == 0)
    }

    @Test func tensorsKeepShapeTypeAndBytes() throws {
        let file = TemporaryFile()
        let plans = [
            GGUFTensorPlan(name: "a", dimensions: [5], type: .f32),
            GGUFTensorPlan(name: "b", dimensions: [64, 3], type: .q4_0),
            GGUFTensorPlan(name: "c", dimensions: [1, 2, 3, 4], type: .bf16),
        ]
        let writer = try GGUFWriter(
            path: file.path, metadata: [("general.alignment", .uint32(64))], tensors: plans)
        for (index, plan) in plans.enumerated() {
            let count = plan.type.byteCount(of: plan.dimensions.reduce(1, *))
            try [UInt8](repeating: UInt8(index + 1), count: count).withUnsafeBytes { try writer.write($0) }
        }
        try writer.finish()
        let read = try GGUFFile(path: file.path)
        #expect(read.alignment == 64 && read.tensors.map(\.name) == ["a", "b", "c"])
        for (index, (tensor, plan)) in zip(read.tensors, plans).enumerated() {
            #expect(tensor.dimensions == plan.dimensions && tensor.type == plan.type)
            #expect(tensor.fileRange.lowerBound % 64 == 0)
            #expect(try read.file.bytes(tensor.fileRange).allSatisfy { $0 == UInt8(index + 1) })
        }
        #expect(read.tensor("b")?.elementCount == 192 && read.tensor("d") == nil)
        #expect(file.bytes.count == writer.fileSize && file.bytes.count % 64 == 0)
    }

    @Test func versionTwoReadsTheSame() throws {
        let file = TemporaryFile()
        try GGUFWriter(path: file.path, metadata: [("k", .uint32(1))], tensors: []).finish()
        var bytes = file.bytes
        bytes[4] = 2
        let old = TemporaryFile(bytes)
        let read = try GGUFFile(path: old.path)
        #expect(read.version == 2 && read["k"]?.integer == 1)
    }

    @Test func unknownElementTypesAreNamed() throws {
        var encoder = GGUFEncoder()
        encoder.append(preamble: 1, 0)
        encoder.append(text: "t".utf8)
        encoder.append(UInt32(1))
        encoder.append(UInt64(256))
        encoder.append(UInt32(21))
        encoder.append(UInt64(0))
        let file = TemporaryFile(encoder.bytes + [UInt8](repeating: 0, count: 64))
        let read = try GGUFFile(path: file.path)
        #expect(
            read.tensors[0].type == nil && read.tensors[0].typeName == "IQ3_S" && read.tensors[0].fileRange.isEmpty)
    }
}

@Suite struct GGUFWriterTests {
    private func problem(
        _ metadata: [(key: String, value: GGUFValue)], _ tensors: [GGUFTensorPlan] = []
    ) -> ModelFileProblem? {
        let file = TemporaryFile()
        do {
            _ = try GGUFWriter(path: file.path, metadata: metadata, tensors: tensors)
            return nil
        } catch {
            #expect(file.folderContents.isEmpty)
            return error.problem
        }
    }

    @Test func refusesWhatTheReaderWouldRefuse() {
        #expect(problem([("k", .bool(true)), ("k", .bool(true))]) == .duplicate(item: "metadata key 'k'"))
        #expect(problem([("", .bool(true))]) != nil)
        #expect(problem([("schlüssel", .bool(true))]) != nil)
        #expect(problem([("k", GGUFValue(type: .bool, bytes: [2]))]) != nil)
        #expect(problem([("general.alignment", .uint32(24))]) == .invalidAlignment(24))
        let deep = (0..<GGUFLimits.arrayDepth).reduce(GGUFValue.int32s([1])) { value, _ in .array(of: .array, [value]) }
        #expect(problem([("k", deep)]) == .nestedTooDeep(key: "k"))
        let plan = GGUFTensorPlan(name: "t", dimensions: [32], type: .q4_0)
        #expect(problem([], [plan, plan]) == .duplicate(item: "tensor 't'"))
        for dimensions in [[], [0], [-1], [33], [32, 1, 1, 1, 1], [1 << 40, 1 << 40]] {
            #expect(problem([], [GGUFTensorPlan(name: "t", dimensions: dimensions, type: .q4_0)]) != nil)
        }
        let long = String(repeating: "n", count: 65)
        #expect(problem([], [GGUFTensorPlan(name: long, dimensions: [32], type: .q4_0)]) != nil)
    }

    @Test func anUnfinishedFileLeavesNothing() throws {
        let file = TemporaryFile()
        let plan = GGUFTensorPlan(name: "t", dimensions: [4], type: .f32)
        do {
            let writer = try GGUFWriter(path: file.path, metadata: [], tensors: [plan])
            try [UInt8](repeating: 1, count: 8).withUnsafeBytes { try writer.write($0) }
            #expect(throws: ModelFileError.self) { try writer.finish() }
            #expect(throws: ModelFileError.self) {
                try [UInt8](repeating: 1, count: 9).withUnsafeBytes { try writer.write($0) }
            }
            #expect(file.folderContents == ["model.gguf.partial"])
        }
        #expect(file.folderContents.isEmpty)
    }

    @Test func aPipeKeepsItsName() {
        let file = TemporaryFile()
        #expect(mkfifo(file.path, 0o600) == 0)
        #expect {
            _ = try GGUFWriter(path: file.path, metadata: [], tensors: [])
        } throws: {
            "\($0)".contains("not a regular file")
        }
        #expect(file.folderContents == ["model.gguf"])
    }

    @Test func aFolderThatIsNotThere() {
        #expect {
            _ = try GGUFWriter(path: TestFiles.absent("model.gguf"), metadata: [], tensors: [])
        } throws: {
            "\($0)" == "\(TestFiles.absent("model.gguf")): cannot write the file: No such file or directory"
        }
    }
}
