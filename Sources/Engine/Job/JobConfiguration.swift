import Clusters
import ModelFiles
import Planning
import Probes
import Ring
import Scheduling
import Tensors
import Transformer

/// What a user asks of a run, the same on every rank.
public struct JobConfiguration: Sendable {
    public var modelPath: String
    /// nil: the cores this rank may use, divided among the ranks that share them.
    public var threads: Int?
    /// Layers of each rank, as the user wrote them; nil: planned.
    public var partition: String?
    /// What to plan them for; nil: a prompt and an answer of usual length, for as many sequences as may run.
    public var workload: Workload?
    /// How closely hosts and links are looked at. A quick look is taken only where it decides the partition.
    public var probeEffort = ProbeEffort.quick
    /// Where their figures come from.
    public var profileSource = ProfileSource.measured
    /// nil: the model's, at most ``contextLimit``.
    public var context: Int?
    /// What plain floats become as they are loaded; nil: they stay as they are.
    public var quantization: ElementType?
    /// The longest context that is taken without being asked for.
    public var contextLimit = 4096
    public var kvType: KVType
    /// Rows of a microbatch of prompts; nil: as many as what is known of hosts and links advises.
    public var prefillChunk: Int?
    /// Sequences that run side by side; more wait.
    public var maxSequences: Int
    /// Bytes of keys and values on each rank; nil: for full sequences, as far as the host has them left.
    public var kvMemory: Int?
    /// Microbatches in flight; nil: chosen by the work.
    public var microbatches: Int?
    /// How hidden states travel; anything but F32 gives up equal tokens for every layout.
    public var wire: WireType = .f32
    /// What to emulate instead of computing; nil, as usual, for nothing.
    public var emulation: EmulationConfiguration?
    /// Where rank 0 writes what all ranks did when; nil, as usual, for nowhere.
    public var tracePath: String?
    /// Positions of which every stage keeps hashes, for ``Coordinator/verify``.
    public var hashedPositions = 0
    /// Where a rank that lacks the model keeps its slice of it; nil: in the user's cache folder.
    public var cacheFolder: String?
    /// Bytes that slices there may take.
    public var cacheSize = 100 << 30
    /// Whether they stay for the next run.
    public var keepsSlices = true
    /// Seconds in which a rank that is well gives a sign of life, from its start to its end.
    public var timeout: Double
    /// By which somebody may ask a run of several ranks to end before it has begun; nil, as usual, for nobody.
    public var endRequest: EndRequest?

    /// The most rows of a microbatch.
    func rowCapacity(of model: ModelConfiguration) -> Int { prefillChunk ?? model.rowCapacity }

    public init(
        modelPath: String, threads: Int? = nil, partition: String? = nil, context: Int? = nil, kvType: KVType = .f16,
        prefillChunk: Int? = nil, maxSequences: Int = 1, kvMemory: Int? = nil, microbatches: Int? = nil,
        timeout: Double = 60
    ) {
        self.modelPath = modelPath
        self.threads = threads
        self.partition = partition
        self.context = context
        self.kvType = kvType
        self.prefillChunk = prefillChunk
        self.maxSequences = maxSequences
        self.kvMemory = kvMemory
        self.microbatches = microbatches
        self.timeout = timeout
    }
}

extension JobConfiguration {
    /// The context that is asked for, or else taken.
    func contextLength(of model: Model) -> Int {
        context ?? min(model.configuration.contextLength, contextLimit)
    }
}
