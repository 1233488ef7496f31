/// Reads the numbers that describe a model, each checked for type and range; keys are relative to the architecture.
struct ModelMetadata {
    let file: GGUFFile
    let architecture: String

    /// No real model comes near; keeps products of two sizes far from overflow.
    static let largestSize = Int(Int32.max)

    init(_ file: GGUFFile) throws(ModelFileProblem) {
        guard let value = file["general.architecture"] else { throw .missingKey("general.architecture") }
        guard let text = value.text else { throw .invalidValue(key: "general.architecture", reason: "is no string") }
        self.file = file
        architecture = printable(text)
    }

    /// The family that the architecture names.
    func family() throws(ModelFileProblem) -> ModelFamily {
        if let family = ModelFamily.named(architecture: architecture) { return family }
        throw .unsupportedArchitecture(architecture, supported: ModelFamily.all.map(\.architecture))
    }

    func key(_ name: String) -> String { "\(architecture).\(name)" }

    func value(_ name: String) -> GGUFValue? { file[key(name)] }

    /// A positive integer that must be there.
    func size(_ name: String) throws(ModelFileProblem) -> Int {
        guard let size = try optionalSize(name) else { throw .missingKey(key(name)) }
        return size
    }

    /// A positive integer. Some files state one per layer; all must then be equal.
    func optionalSize(_ name: String) throws(ModelFileProblem) -> Int? {
        guard let value = value(name) else { return nil }
        let number: Int
        if value.type == .array {
            guard let numbers = value.integers, let first = numbers.first else {
                throw .invalidValue(key: key(name), reason: "is no list of integers")
            }
            guard numbers.allSatisfy({ $0 == first }) else {
                throw .unsupportedFeature("'\(key(name))' differs between layers")
            }
            number = first
        } else {
            guard let integer = value.integer else { throw .invalidValue(key: key(name), reason: "is no integer") }
            number = integer
        }
        guard (1...Self.largestSize).contains(number) else {
            throw .invalidValue(key: key(name), reason: "is \(number), not between 1 and \(Self.largestSize)")
        }
        return number
    }

    /// A finite number inside `range`.
    func optionalNumber(_ name: String, in range: ClosedRange<Double>) throws(ModelFileProblem) -> Double? {
        guard let value = value(name) else { return nil }
        guard let number = value.number else { throw .invalidValue(key: key(name), reason: "is no number") }
        guard range.contains(number) else {
            throw .invalidValue(
                key: key(name), reason: "is \(number), not between \(range.lowerBound) and \(range.upperBound)")
        }
        return number
    }
}
