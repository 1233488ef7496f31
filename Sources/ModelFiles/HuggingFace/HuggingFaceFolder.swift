import Tensors
import Tokenization

/// A model as Hugging Face distributes it: a folder with config.json, safetensors and a tokenizer's files.
struct HuggingFaceFolder: ModelSource {
    let path: String
    let tensors: StoredTensors
    private let settings: HuggingFaceSettings
    private let generation: HuggingFaceSettings?
    private let files: [SafetensorsFile]

    private static let configName = "config.json"
    private static let generationName = "generation_config.json"

    init(path: String) throws(ModelFileError) {
        self.path = path
        guard let settings = try HuggingFaceSettings(Self.configName, in: path) else {
            throw ModelFileError(
                path: path, problem: .missingFile(Self.configName, reason: "which a folder with a model has"))
        }
        self.settings = settings
        generation = try HuggingFaceSettings(Self.generationName, in: path)
        files = try Self.openFiles(in: path)
        var tensors = StoredTensors()
        for file in files {
            do { try tensors.add(file.tensors.map(PublishedNames.full)) } catch {
                throw ModelFileError(path: file.file.path, problem: error)
            }
        }
        PublishedNames.takeTiedHead(&tensors, settings)
        self.tensors = tensors
    }

    private static func openFiles(in folder: String) throws(ModelFileError) -> [SafetensorsFile] {
        var files: [SafetensorsFile] = []
        let names = try ShardIndex.fileNames(in: folder)
        if names == [ShardIndex.single], !FileStatus.exists("\(folder)/\(ShardIndex.single)") {
            let hasPickle = ["pytorch_model.bin", "pytorch_model.bin.index.json"].contains {
                FileStatus.exists("\(folder)/\($0)")
            }
            throw ModelFileError(
                path: folder,
                problem: .noWeights(
                    reason: hasPickle
                        ? "pytorch_model.bin is none that is read, take a version of the model in safetensors"
                        : "there is no \(ShardIndex.single) and no \(ShardIndex.index)"))
        }
        for name in names { files.append(try SafetensorsFile(path: "\(folder)/\(name)")) }
        return files
    }

    /// config.json as it stands.
    func settingsText() throws(ModelFileProblem) -> [UInt8] { try text(of: Self.configName) }

    /// generation_config.json as it stands; nil where there is none.
    func generationText() throws(ModelFileProblem) -> [UInt8]? {
        generation == nil ? nil : try text(of: Self.generationName)
    }

    private func text(of name: String) throws(ModelFileProblem) -> [UInt8] {
        do { return try RandomAccessFile.contents(of: "\(path)/\(name)") } catch { throw ModelFileProblem(error) }
    }

    var names: TensorNames { .huggingFace }
    var saysHeadIsTied: Bool { settings["tie_word_embeddings"]?.bool == true }
    var byteCount: Int { files.reduce(0) { $0 + $1.file.byteCount } }
    var tokenizer: any TokenizerSource { HuggingFaceTokenizer(folder: path) }

    var headerHash: UInt64 {
        var hash = FNV1a()
        if let config = try? settingsText() { config.withUnsafeBytes { hash.combine($0) } }
        for file in files {
            hash.combine(UInt64(file.file.byteCount))
            hash.combine(file.headerHash)
        }
        return hash.hash
    }

    func family() throws(ModelFileError) -> ModelFamily {
        do { return try HuggingFaceConfiguration.family(settings) } catch { throw configError(error) }
    }

    func configuration(_ family: ModelFamily) throws(ModelFileError) -> ModelConfiguration {
        let name = path.split(separator: "/").last.map { String($0).fitForTerminal } ?? ""
        do { return try HuggingFaceConfiguration(settings, tensors).read(family, name: name) } catch {
            throw configError(error)
        }
    }

    func samplingDefaults() throws(ModelFileError) -> SamplingDefaults? {
        guard let generation else { return nil }
        do { return try SamplingDefaults(generation: generation) } catch {
            throw ModelFileError(path: "\(path)/\(Self.generationName)", problem: error)
        }
    }

    private func configError(_ problem: ModelFileProblem) -> ModelFileError {
        ModelFileError(path: "\(path)/\(Self.configName)", problem: problem)
    }
}
