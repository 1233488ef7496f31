/// What files say about sampling: generation_config.json of a folder, `general.sampling.*` of a GGUF.
extension SamplingDefaults {
    /// What generation_config.json says; nil where it wants no sampling at all.
    init?(generation: HuggingFaceSettings) throws(ModelFileProblem) {
        let temperature = try generation.optionalNumber("temperature", in: Self.temperatures)
        let topK = try generation["top_k"].map { value throws(ModelFileProblem) in
            guard let number = value.integer, Self.topKs.contains(number) else {
                throw .invalidSetting("top_k", reason: "is no number of tokens")
            }
            return number
        }
        let topP = try generation.optionalNumber("top_p", in: Self.shares)
        let minP = try generation.optionalNumber("min_p", in: Self.shares)
        let repeatPenalty = try generation.optionalNumber("repetition_penalty", in: Self.penalties)
        guard try generation.flag("do_sample") == true else { return nil }
        self.init(
            temperature: temperature ?? 1, topK: topK ?? 50, topP: topP, minP: minP, repeatPenalty: repeatPenalty)
    }

    /// What a GGUF says; nil where it says nothing.
    init?(_ file: GGUFFile) throws(ModelFileProblem) {
        func number(_ name: String, _ range: ClosedRange<Double>) throws(ModelFileProblem) -> Double? {
            let key = Self.prefix + name
            guard let value = file[key] else { return nil }
            guard let number = value.number else { throw .invalidValue(key: key, reason: "is no number") }
            // The decimal number that was written there as a float.
            let decimal = value.type == .float32 ? Double(Float(number).description) ?? number : number
            guard range.contains(decimal) else {
                throw .invalidValue(
                    key: key, reason: "is \(decimal), not between \(range.lowerBound) and \(range.upperBound)")
            }
            return decimal
        }
        self.init(
            temperature: try number("temp", Self.temperatures),
            topK: try number("top_k", Double(Self.topKs.lowerBound)...Double(Self.topKs.upperBound)).map { Int($0) },
            topP: try number("top_p", Self.shares), minP: try number("min_p", Self.shares),
            repeatPenalty: try number("penalty_repeat", Self.penalties))
        if self == SamplingDefaults() { return nil }
    }

    /// The same as a GGUF's keys, which llama.cpp reads too.
    var exportedMetadata: [(key: String, value: GGUFValue)] {
        let numbers = [
            ("temp", temperature), ("top_p", topP), ("min_p", minP), ("penalty_repeat", repeatPenalty),
        ].compactMap { name, number in number.map { (key: Self.prefix + name, value: GGUFValue.float32(Float($0))) } }
        return numbers + (topK.map { [(Self.prefix + "top_k", .int32(Int32($0)))] } ?? [])
    }

    private static let prefix = "general.sampling."
    private static let temperatures = 0...1e6
    private static let topKs = 0...Int(Int32.max)
    private static let shares = 0.0...1.0
    private static let penalties = 0.01...100.0
}
