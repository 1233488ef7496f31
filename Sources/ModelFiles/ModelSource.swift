/// A model's files, whatever their form: where its tensors are and what they mean. Nothing outside this target can tell one
/// form from another.
protocol ModelSource: ExportedSource, Sendable {
    /// What the user named.
    var path: String { get }
    /// Bytes of all files with weights.
    var byteCount: Int { get }
    var tensors: StoredTensors { get }
    /// Whether the files say that the embedding is the head as well, though they may have a head.
    var saysHeadIsTied: Bool { get }
    /// How the tensors are named.
    var names: TensorNames { get }
    /// A hash of everything that says what the weights mean.
    var headerHash: UInt64 { get }
    var tokenizer: any TokenizerSource { get }
    /// How the model's makers want tokens to be chosen, where they say so.
    func samplingDefaults() throws(ModelFileError) -> SamplingDefaults?

    /// The part of a model that this is; nil for a whole one.
    var slice: ModelSlice? { get }

    func family() throws(ModelFileError) -> ModelFamily
    func configuration(_ family: ModelFamily) throws(ModelFileError) -> ModelConfiguration
}
