import Kernels
import Microbatches
import ModelFiles
import Tensors

/// A contiguous range of decoder layers with its share of the KV cache.
///
/// A stage turns hidden states into hidden states. It knows no MPI and cannot tell who feeds it.
public final class Stage {
    public let configuration: ModelConfiguration
    public let layerRange: Range<Int>
    public let cache: KVCache

    /// Called between layers by the thread that called ``forward(_:hidden:)``: messages move on while layers compute.
    public var betweenLayers: () -> Void = {}

    /// Where to keep a hash of what each layer puts out; nil, as usual, for nowhere.
    public var hashes: LayerHashes?

    let layers: [LayerWeights]
    let team: ThreadTeam
    let kernels: KernelSet
    let rotary: RotaryEmbedding
    let workspace: Workspace
    let plan: AttentionPlan
    /// For layers with a sliding window; nil where no run as long as this one has any use for it.
    let windowPlan: AttentionPlan?

    /// What the team's threads do in a pass: made once, so that a pass allocates nothing.
    private var pass: (borrowing Worker) -> Void = { _ in }
    /// The rows of the pass that runs.
    private var batch: (spans: Spans, hidden: UnsafeMutablePointer<Float>)?

    /// Packs the layers of `layerRange`.
    ///
    /// - Parameters:
    ///   - cache: Keys and values of as many layers.
    ///   - rowCapacity: The most rows of a microbatch.
    public init(
        _ model: Model, layerRange: Range<Int>, cache: KVCache, rowCapacity: Int, team: ThreadTeam, kernels: KernelSet,
        loader: WeightLoader
    ) throws {
        configuration = model.configuration
        self.layerRange = layerRange
        self.cache = cache
        self.team = team
        self.kernels = kernels
        rotary = RotaryEmbedding(configuration.rope, contextLength: cache.capacity.contextLength)
        workspace = try Workspace(
            configuration, layout: cache.layout, rowCapacity: rowCapacity, pairCount: rotary.pairCount,
            threadCount: team.threadCount)
        func plan(window: Int?) throws(MemoryError) -> AttentionPlan {
            try AttentionPlan(
                kvHeadCount: model.configuration.kvHeadCount,
                queriesPerKVHead: model.configuration.headCount / model.configuration.kvHeadCount,
                layout: cache.layout, blockCount: cache.capacity.blocksPerSlot, window: window,
                rowCapacity: rowCapacity, threadCount: team.threadCount)
        }
        self.plan = try plan(window: nil)
        let window = layerRange.lazy.compactMap(model.configuration.window).first
        windowPlan =
            if let window, window < cache.capacity.contextLength { try plan(window: window) } else { nil }
        var arena = try WeightArena(for: layerRange.map(model.layer))
        layers = try layerRange.map { try LayerWeights(model, layer: $0, arena: &arena, loader: loader) }
        pass = { [unowned self] worker in computeLayers(worker) }
    }

    /// Takes the rows of `spans` through this stage's layers in place and keeps their keys and values.
    ///
    /// The bits of a row do not depend on the rows beside it, on threads, or on which stages came before.
    ///
    /// - Parameter x: Hidden states `[rows, hiddenSize]`.
    /// - Throws: ``StageError/nonFinite(layer:)`` when a row stops being finite.
    public func forward(_ spans: Spans, hidden x: UnsafeMutablePointer<Float>) throws(StageError) {
        workspace.begin(spans)
        plan.share(spans)
        windowPlan?.share(spans)
        batch = (spans, x)
        team.runPrepared(pass)
        batch = nil
        if let index = workspace.failedLayer { throw .nonFinite(layer: layerRange.lowerBound + index) }
    }

    private func computeLayers(_ worker: borrowing Worker) {
        guard let (spans, x) = batch else { return }
        prepareAngles(worker)
        worker.barrier()
        for (index, layer) in layers.enumerated() {
            if worker.index == 0 { betweenLayers() }
            attention(layer, index, spans, x, worker)
            feedForward(layer, index, x, worker)
            noteHashes(after: index, x, worker)
        }
    }

    /// This thread's rows in steps that take whole rows.
    @inline(__always)
    func rows(of worker: borrowing Worker) -> Range<Int> { worker.share(of: workspace.rowCount) }

    private func prepareAngles(_ worker: borrowing Worker) {
        for row in rows(of: worker) {
            rotary.write(
                position: workspace.places[row].position, cosines: workspace.cosines + row * rotary.pairCount,
                sines: workspace.sines + row * rotary.pairCount)
        }
    }

    private func noteHashes(after index: Int, _ x: UnsafeMutablePointer<Float>, _ worker: borrowing Worker) {
        guard let hashes else { return }
        let width = configuration.hiddenSize
        for row in rows(of: worker) {
            hashes.note(x + row * width, count: width, layer: index, position: workspace.places[row].position)
        }
    }
}

/// A failure inside a stage.
public enum StageError: Error {
    /// A hidden state was not finite after `layer`.
    case nonFinite(layer: Int)
}
