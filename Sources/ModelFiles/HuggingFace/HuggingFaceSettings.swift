import OrderedJSON
import Tensors

/// One JSON file of a Hugging Face folder, its values checked for type and range. A null counts as absent.
struct HuggingFaceSettings: Sendable {
    let root: JSONValue

    init(_ root: JSONValue) { self.root = root }

    init(parsing bytes: some Collection<UInt8>) throws(ModelFileProblem) {
        do { root = try JSONValue(reading: bytes, JSONRules(takesPython: true)) } catch { throw .invalidJSON(error) }
    }

    /// The file `name` of `folder`; nil where there is none.
    init?(_ name: String, in folder: String) throws(ModelFileError) {
        let path = "\(folder)/\(name)"
        let bytes: [UInt8]
        do { bytes = try RandomAccessFile.contents(of: path) } catch {
            if error.isNoSuchFile { return nil }
            throw ModelFileError(error)
        }
        do { try self.init(parsing: bytes) } catch { throw ModelFileError(path: path, problem: error) }
    }

    subscript(name: String) -> JSONValue? { root[name] }

    /// A positive integer that must be there.
    func size(_ name: String) throws(ModelFileProblem) -> Int {
        guard let size = try optionalSize(name) else { throw .missingSetting(name) }
        return size
    }

    func optionalSize(_ name: String) throws(ModelFileProblem) -> Int? {
        guard let value = root[name] else { return nil }
        guard let number = value.integer else { throw .invalidSetting(name, reason: "is no integer") }
        guard (1...ModelMetadata.largestSize).contains(number) else {
            throw .invalidSetting(name, reason: "is \(number), not between 1 and \(ModelMetadata.largestSize)")
        }
        return number
    }

    /// A number inside `range`.
    func number(_ name: String, in range: ClosedRange<Double>) throws(ModelFileProblem) -> Double {
        guard let number = try optionalNumber(name, in: range) else { throw .missingSetting(name) }
        return number
    }

    func optionalNumber(_ name: String, in range: ClosedRange<Double>) throws(ModelFileProblem) -> Double? {
        guard let value = root[name] else { return nil }
        guard let number = value.number else { throw .invalidSetting(name, reason: "is no number") }
        guard range.contains(number) else {
            throw .invalidSetting(name, reason: "is \(number), not between \(range.lowerBound) and \(range.upperBound)")
        }
        return number
    }

    func flag(_ name: String) throws(ModelFileProblem) -> Bool? {
        guard let value = root[name] else { return nil }
        guard let flag = value.bool else { throw .invalidSetting(name, reason: "is neither true nor false") }
        return flag
    }

    func text(_ name: String) throws(ModelFileProblem) -> String? {
        guard let value = root[name] else { return nil }
        guard let text = value.string else { throw .invalidSetting(name, reason: "is no text") }
        return text
    }

    func list(_ name: String) throws(ModelFileProblem) -> [JSONValue]? {
        guard let value = root[name] else { return nil }
        guard let list = value.array else { throw .invalidSetting(name, reason: "is no list") }
        return list
    }
}
