import OrderedJSON
import Tokenization

/// What can be wrong with a model file. Names taken from files are made printable before they get here.
public enum ModelFileProblem: Error, Sendable, Equatable {
    // The file as a container.
    case unreadable(reason: String)
    case changed(reason: String)
    case notGGUF(looksLike: String)
    case bigEndian
    case unsupportedVersion(UInt32)
    case truncated(item: String, position: Int, size: Int)
    case impossibleCount(item: String, count: UInt64, position: Int)
    case invalidName(item: String, reason: String)
    case duplicate(item: String)
    case unknownValueType(key: String, number: UInt32)
    case invalidValue(key: String, reason: String)
    case nestedTooDeep(key: String)
    case invalidAlignment(Int)
    case splitFile(parts: Int)
    case foreignPart(number: Int, parts: Int)

    // A Hugging Face folder.
    case invalidJSON(JSONError)
    case missingSetting(String)
    case invalidSetting(String, reason: String)
    case noWeights(reason: String)
    case invalidSafetensors(reason: String)
    case missingFile(String, reason: String)

    // The tensor table.
    case invalidDimensions(tensor: String, reason: String)
    case misalignedTensor(tensor: String, offset: UInt64, alignment: Int)
    case tensorOutsideFile(tensor: String, first: UInt64, end: UInt64, size: Int)
    case overlappingTensors(String, String)

    // The model that the container describes.
    case missingKey(String)
    case unsupportedArchitecture(String, supported: [String])
    case unsupportedElementType(tensor: String, type: String, supported: [String])
    case unsupportedFeature(String)
    case missingTensor(String)
    case unexpectedTensor(String)
    case wrongShape(tensor: String, expected: [Int], found: [Int])

    // The tokenizer.
    case noTokenizer
    case unsupportedTokenizer(String, supported: [String])
    case invalidTokenizer(reason: String)
    case unusableVocabulary(VocabularyError)

    // Writing.
    case cannotWrite(reason: String)
}
