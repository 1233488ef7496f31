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

    /// The most rows of a microbatch.
    public var rowCapacity: Int { workspace.rowCapacity }

    /// Called after each layer by the thread that called ``forward(_:hidden:)``: messages move on while layers compute.
    public var betweenLayers: () -> Void = {}

    /// Where to keep a hash of what each layer puts out; nil, as usual, for nowhere.
    public var hashes: LayerHashes?

    let layers: [DecoderLayer]
    let team: ThreadTeam
    let kernels: KernelSet
    let rotary: RotaryEmbedding
    let workspace: Workspace
    let plans: AttentionPlans

    /// What the team's threads do in a pass: made once, so that a pass allocates nothing.
    private var pass: (borrowing Worker) -> Void = { _ in }
    /// The rows of the pass that runs.
    private var batch: (spans: Spans, hidden: Rows)?

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
        plans = try AttentionPlans(
            windows: layerRange.map { layer in
                // A window that is as long as any sequence hides nothing.
                model.configuration.window(of: layer).flatMap { $0 < cache.capacity.contextLength ? $0 : nil }
            }
        ) { window throws(MemoryError) in
            try AttentionPlan(
                kvHeadCount: model.configuration.kvHeadCount,
                queriesPerKVHead: model.configuration.headCount / model.configuration.kvHeadCount,
                layout: cache.layout, blockCount: cache.capacity.blocksPerSlot, window: window,
                rowCapacity: rowCapacity, threadCount: team.threadCount)
        }
        var arena = try WeightArena(for: layerRange.map(model.layer))
        layers = try layerRange.map { try DecoderLayer(model, layer: $0, arena: &arena, loader: loader) }
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
        plans.share(spans)
        batch = (spans, Rows(x, width: configuration.hiddenSize))
        team.runPrepared(pass)
        batch = nil
        if let index = workspace.failedLayer { throw .nonFinite(layer: layerRange.lowerBound + index) }
    }

    private func computeLayers(_ worker: borrowing Worker) {
        guard let (spans, x) = batch else { return }
        prepareAngles(worker)
        worker.meet()
        for (index, layer) in layers.enumerated() {
            attention(layer.attention, index, spans, x, worker)
            let gathering = feedForward(layer.feedForward, index, x, worker)
            if worker.isCaller { betweenLayers() }
            noteHashes(after: index, gathering.finish(), worker)
        }
    }

    private func prepareAngles(_ worker: borrowing Worker) {
        for row in rows(of: worker) {
            rotary.write(
                position: workspace.places[row].position, cosines: workspace.cosines + row * rotary.pairCount,
                sines: workspace.sines + row * rotary.pairCount)
        }
    }

    private func noteHashes(after index: Int, _ x: Rows, _ worker: borrowing Worker) {
        guard let hashes else { return }
        for row in rows(of: worker) {
            hashes.note(x.row(row), count: x.width, layer: index, position: workspace.places[row].position)
        }
    }
}
