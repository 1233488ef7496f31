import Tensors
import Testing

@testable import ModelFiles

@Suite struct SafetensorsTests {
    private func open(_ bytes: [UInt8]) throws -> SafetensorsFile {
        let file = TemporaryFile(bytes)
        return try withExtendedLifetime(file) { try SafetensorsFile(path: file.path) }
    }

    @Test func tensors() throws {
        let file = TemporaryFile(
            safetensors(
                #"{"__metadata__": {"format": "pt"}, "a": {"dtype": "F16", "shape": [2, 3], "data_offsets": [0, 12]},"#
                    + #""b": {"dtype": "I64", "shape": [], "data_offsets": [16, 24]},"#
                    + #""none": {"dtype": "F32", "shape": [0, 4], "data_offsets": [24, 24]}}"#))
        let tensors = try SafetensorsFile(path: file.path).tensors
        #expect(tensors.map(\.name) == ["a", "b", "none"])
        #expect(tensors[0].dimensions == [3, 2] && tensors[0].type == .f16 && tensors[0].range.count == 12)
        #expect(tensors[1].dimensions == [1] && tensors[1].type == nil && tensors[1].typeName == "I64")
        #expect(tensors[2].elementCount == 0)
    }

    @Test func headersThatLie() {
        let tensor = #""dtype": "F32", "shape": [4]"#
        for header in [
            "[]", "{", #"{"a": 1}"#, #"{"a": {"dtype": "F32"}}"#, #"{"a": {\#(tensor)}}"#,
            #"{"a": {\#(tensor), "data_offsets": [0, 17]}}"#, #"{"a": {\#(tensor), "data_offsets": [16, 0]}}"#,
            #"{"a": {\#(tensor), "data_offsets": [-16, 0]}}"#, #"{"a": {\#(tensor), "data_offsets": [56, 72]}}"#,
            #"{"a": {\#(tensor), "data_offsets": [9223372036854775807, 9223372036854775807]}}"#,
            #"{"a": {\#(tensor), "data_offsets": [0.5, 16.5]}}"#, #"{"a": {\#(tensor), "data_offsets": [0, 16, 32]}}"#,
            #"{"a": {"dtype": "F32", "shape": [-4], "data_offsets": [0, 16]}}"#,
            #"{"a": {"dtype": "F32", "shape": [4294967296, 4294967296], "data_offsets": [0, 16]}}"#,
            #"{"a": {"dtype": "I8", "shape": [4294967296, 4294967296, 4], "data_offsets": [0, 16]}}"#,
            #"{"a": {"dtype": "F32", "shape": [4611686018427387904], "data_offsets": [0, 0]}}"#,
            #"{"\n": {\#(tensor), "data_offsets": [0, 16]}}"#,
            #"{"a": {\#(tensor), "data_offsets": [0, 16]}, "b": {\#(tensor), "data_offsets": [12, 28]}}"#,
            #"{"a": {\#(tensor), "data_offsets": [0, 16]}, "a": {\#(tensor), "data_offsets": [16, 32]}}"#,
        ] {
            #expect {
                _ = try open(safetensors(header))
            } throws: {
                if case .unreadable = ($0 as? ModelFileError)?.problem { false } else { true }
            }
        }
    }

    @Test func filesThatAreNone() {
        #expect(throws: ModelFileError.self) { try open([]) }
        #expect(throws: ModelFileError.self) { try open([1, 2, 3]) }
        #expect(throws: ModelFileError.self) { try open([UInt8](repeating: 0xFF, count: 64)) }
        #expect {
            _ = try open(Array("version https://git-lfs.github.com/spec/v1".utf8))
        } throws: {
            "\($0)".contains("git lfs pull")
        }
    }
}
