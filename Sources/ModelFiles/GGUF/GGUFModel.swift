import Tensors
import Tokenization

/// A model in one GGUF file or in the parts of a split one.
struct GGUFModel: ModelSource {
    let path: String
    let tensors: StoredTensors
    private let parts: [GGUFFile]

    /// - Parameter file: the file that the user named: the whole model or one of its parts.
    init(_ file: GGUFFile) throws(ModelFileError) {
        path = file.path
        parts = try GGUFParts.all(of: file)
        var tensors = StoredTensors()
        for part in parts {
            do { try tensors.add(part.tensors.map { StoredTensor($0, in: part.file) }) } catch {
                throw ModelFileError(path: part.path, problem: error)
            }
        }
        if let count = parts[0]["split.tensors.count"]?.integer, parts.count > 1, count != tensors.all.count {
            throw ModelFileError(
                path: path, problem: .missingTensor("number \(tensors.all.count + 1) of \(count) in all parts"))
        }
        self.tensors = tensors
    }

    /// The part that describes the model.
    var header: GGUFFile { parts[0] }
    var names: TensorNames { .gguf }
    var saysHeadIsTied: Bool { false }
    var byteCount: Int { parts.reduce(0) { $0 + $1.file.byteCount } }
    var tokenizer: any TokenizerSource { GGUFTokenizer(parts[0]) }

    func samplingDefaults() throws(ModelFileError) -> SamplingDefaults? {
        do { return try SamplingDefaults(parts[0]) } catch { throw ModelFileError(path: path, problem: error) }
    }

    var headerHash: UInt64 {
        var hash = FNV1a()
        for part in parts {
            hash.combine(UInt64(part.file.byteCount))
            hash.combine(part.headerBytes)
        }
        return hash.hash
    }

    func family() throws(ModelFileError) -> ModelFamily {
        do { return try ModelMetadata(parts[0]).family() } catch { throw ModelFileError(path: path, problem: error) }
    }

    func configuration(_ family: ModelFamily) throws(ModelFileError) -> ModelConfiguration {
        do {
            return try GGUFConfiguration.read(ModelMetadata(parts[0]), family, tensors)
        } catch { throw ModelFileError(path: path, problem: error) }
    }
}

extension StoredTensor {
    init(_ tensor: GGUFTensor, in file: RandomAccessFile) {
        self.init(
            name: tensor.name, dimensions: tensor.dimensions, type: tensor.type, typeName: tensor.typeName, file: file,
            range: tensor.fileRange)
    }
}
