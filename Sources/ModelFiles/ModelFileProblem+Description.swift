extension ModelFileProblem: CustomStringConvertible {
    /// The sentence after the file's name.
    public var description: String {
        switch self {
        case .unreadable(let reason): "the file cannot be read: \(reason)"
        case .changed(let reason): reason
        case .notGGUF(let looksLike): "not a GGUF model file: \(looksLike)"
        case .bigEndian:
            "the file is big endian, only little-endian GGUF is supported: convert the model again for little endian"
        case .unsupportedVersion(let version):
            "GGUF version \(version) is not supported, only 2 and 3: convert the model again with a current converter"
        case .truncated(let item, let position, let size):
            "\(item) starts at byte \(position) and runs past the file's end at \(size): "
                + "the file is truncated or damaged, download it again"
        case .impossibleCount(let item, let count, let position):
            "byte \(position) claims \(count) \(item), more than the rest of the file could hold: "
                + "the file is truncated or damaged, download it again"
        case .invalidName(let item, let reason): "\(item) \(reason): the file is damaged, download it again"
        case .duplicate(let item): "\(item) appears twice: the file is damaged, convert or download it again"
        case .unknownValueType(let key, let number):
            "metadata key '\(key)' has the unknown value type \(number): "
                + "the file is damaged or newer than GGUF version 3"
        case .invalidValue(let key, let reason): "metadata key '\(key)' \(reason): convert or download the model again"
        case .nestedTooDeep(let key):
            "metadata key '\(key)' nests arrays deeper than \(GGUFLimits.arrayDepth) levels: the file is damaged"
        case .invalidAlignment(let value):
            "general.alignment is \(value), it must be a power of two from \(GGUFLimits.smallestAlignment) "
                + "to \(GGUFLimits.largestAlignment): convert the model again"
        case .splitFile(let parts):
            "the file is one of \(parts) parts of a split model, but its name does not end like -00001-of-"
                + "\(SplitName.digits(parts)).gguf, by which the others are found: give the parts their names again"
        case .foreignPart(let number, let parts):
            "the file is not part \(number) of \(parts) of this model, as its name says: download the parts again"
        default: folderDescription
        }
    }

    private var folderDescription: String {
        switch self {
        case .invalidJSON(let error): "the file is \(error): download it again"
        case .missingSetting(let name): "'\(name)' is missing: download the model again"
        case .invalidSetting(let name, let reason): "'\(name)' \(reason): download the model again"
        case .noWeights(let reason): "the folder holds no weights that can be read: \(reason)"
        case .invalidSafetensors(let reason): "not a safetensors file that can be read, \(reason): download it again"
        case .missingFile(let name, let reason): "'\(name)' is missing, \(reason): download it"
        default: modelDescription
        }
    }

    private var modelDescription: String {
        switch self {
        case .invalidDimensions(let tensor, let reason): "tensor '\(tensor)' \(reason): convert or download it again"
        case .misalignedTensor(let tensor, let offset, let alignment):
            "tensor '\(tensor)' starts at offset \(offset), which is no multiple of the alignment \(alignment): "
                + "the file is damaged, download it again"
        case .tensorOutsideFile(let tensor, let first, let end, let size):
            "tensor '\(tensor)' needs bytes \(first)..<\(end) but the file ends at \(size): "
                + "the file is truncated, download it again"
        case .overlappingTensors(let first, let second):
            "tensors '\(first)' and '\(second)' overlap: the file is damaged, download it again"
        case .missingKey(let key): "metadata key '\(key)' is missing: convert the model again with a current converter"
        case .unsupportedArchitecture(let name, let supported):
            "architecture '\(name)' is not supported; supported: \(supported.joined(separator: ", "))"
        case .unsupportedElementType(let tensor, let type, let supported):
            "tensor '\(tensor)' is stored as \(type), which is not supported; "
                + "supported: \(supported.joined(separator: ", "))"
        case .unsupportedFeature(let feature): "\(feature), which is not supported yet: choose another model"
        case .missingTensor(let name):
            "tensor '\(name)', which the model's description asks for, is missing: the model is of a kind that is not "
                + "supported, or not all of its files are here; choose another one, or download it again"
        case .unexpectedTensor(let name):
            "tensor '\(name)' belongs to a kind of layer that is not supported yet, and leaving it out "
                + "would change the results: choose another model"
        case .wrongShape(let tensor, let expected, let found):
            "tensor '\(tensor)' has shape \(found), but the model's description asks for \(expected): "
                + "convert or download it again"
        case .noTokenizer:
            "the model has no tokenizer: "
                + "give token ids with --prompt-ids, or convert the model with its tokenizer"
        case .unsupportedTokenizer(let name, let supported):
            "\(name) is not supported; supported: \(supported.joined(separator: ", "))"
        case .invalidTokenizer(let reason): "\(reason): convert the model again with its tokenizer"
        case .unusableVocabulary(let error): "\(error) Convert the model again with its tokenizer."
        case .cannotWrite(let reason): "cannot write the file: \(reason)"
        // Said above; listed so that a new problem cannot go without its sentence.
        case .unreadable, .changed, .notGGUF, .bigEndian, .unsupportedVersion, .truncated, .impossibleCount,
            .invalidName,
            .duplicate, .unknownValueType, .invalidValue, .nestedTooDeep, .invalidAlignment, .splitFile, .foreignPart,
            .invalidJSON, .missingSetting, .invalidSetting, .noWeights, .invalidSafetensors, .missingFile:
            ""
        }
    }
}
