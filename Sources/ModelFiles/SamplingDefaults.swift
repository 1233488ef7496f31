/// What a model's makers want sampling to be, where the user says nothing; nil leaves a value to the program.
public struct SamplingDefaults: Sendable, Equatable {
    public var temperature: Double?
    public var topK: Int?
    public var topP: Double?
    public var minP: Double?
    public var repeatPenalty: Double?
}
