import Tensors

@testable import ModelFiles

/// A small valid model (2 layers, hidden size 64, 4 heads, 2 for keys and values, 10 tokens), changed in one place.
struct ModelVariant {
    private var metadata = smallSynthetic().metadata(.none(size: 10), vocabSize: 10)
    private var tensors = smallSynthetic().tensors(vocabSize: 10).map(\.plan)
    /// FP32 contents of some tensors; the others are zeros.
    private var contents: [String: [Float]] = [:]

    /// Sets a key, or removes it.
    mutating func set(_ key: String, _ value: GGUFValue?) {
        metadata.removeAll { $0.key == key }
        if let value { metadata.append((key, value)) }
    }

    mutating func remove(tensor name: String) { tensors.removeAll { $0.name == name } }

    /// Adds a tensor, in place of one with the same name.
    mutating func add(_ name: String, _ dimensions: [Int], _ type: ElementType = .f32, contents: [Float]? = nil) {
        remove(tensor: name)
        tensors.append(GGUFTensorPlan(name: name, dimensions: dimensions, type: type))
        self.contents[name] = contents
    }

    func write(to path: String) throws {
        let writer = try GGUFWriter(path: path, metadata: metadata, tensors: tensors)
        for tensor in tensors {
            if let contents = contents[tensor.name] {
                try contents.withUnsafeBytes { try writer.write($0) }
            } else {
                let zeros = [UInt8](repeating: 0, count: tensor.type.byteCount(of: tensor.dimensions.reduce(1, *)))
                try zeros.withUnsafeBytes { try writer.write($0) }
            }
        }
        try writer.finish()
    }

    func problem() throws -> ModelFileProblem? {
        let file = TemporaryFile()
        try write(to: file.path)
        return ModelFilesTests.problem(openingModel: file.path)
    }

    func configuration() throws -> ModelConfiguration {
        let file = TemporaryFile()
        try write(to: file.path)
        return try Model(path: file.path).configuration
    }

    static func problem(setting key: String, to value: GGUFValue?) throws -> ModelFileProblem? {
        var variant = ModelVariant()
        variant.set(key, value)
        return try variant.problem()
    }
}
