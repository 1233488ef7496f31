import ModelFiles
import Tensors

/// What of a model decides time and memory; it needs no file.
public struct ModelShape: Sendable, Equatable, Codable {
    public var configuration: ModelConfiguration
    public var layers: [LayerShape]
    public var head: MatrixShape
    /// Stored bytes of the token embedding; 0 where it is the output head.
    public var embeddingBytes: Int

    public init(_ model: Model) {
        configuration = model.configuration
        layers = (0..<configuration.layerCount).map { LayerShape(model.layer($0)) }
        head = MatrixShape(model.outputHead, .outputHead)
        embeddingBytes = configuration.hasTiedOutputHead ? 0 : model.tokenEmbedding.byteCount
    }

    /// A model with what every model has, all layers in one type of weights, its norms in FP32, its head in `headType`.
    public init(_ configuration: ModelConfiguration, type: ElementType, headType: ElementType) {
        self.configuration = configuration
        func matrix(_ role: WeightRole, _ type: ElementType) -> MatrixShape {
            MatrixShape(
                type: type, rows: role.rule.rows!.size(configuration), columns: role.rule.columns.size(configuration),
                precision: role.rule.product?.precision)
        }
        let roles = WeightRole.ofEveryLayer
        let matrices = roles.filter { $0.rule.product != nil }.map { matrix($0, type) }
        let vectorBytes = roles.reduce(0) {
            $0 + ($1.rule.rows == nil ? 4 * $1.rule.columns.size(configuration) : 0)
        }
        let layer = LayerShape(matrices: matrices, byteCount: matrices.reduce(vectorBytes) { $0 + $1.byteCount })
        layers = Array(repeating: layer, count: configuration.layerCount)
        head = matrix(.outputHead, headType)
        embeddingBytes = matrix(.tokenEmbedding, type).byteCount
    }
}

/// What plans ask for.
extension ModelShape {
    public var name: String { configuration.name }
    public var hiddenSize: Int { configuration.hiddenSize }
    public var intermediateSize: Int { configuration.intermediateSize }
    public var headCount: Int { configuration.headCount }
    public var kvHeadCount: Int { configuration.kvHeadCount }
    public var headDim: Int { configuration.headDim }
    public var valueDim: Int { configuration.valueDim }
    public var vocabSize: Int { configuration.vocabSize }
    /// The most rows of a microbatch, where nobody asks for another number.
    public var rowCapacity: Int { configuration.rowCapacity }

    /// Bytes that are read for a token.
    public var weightByteCount: Int { layers.reduce(head.byteCount) { $0 + $1.byteCount } }

    /// Elements of all heads of one row.
    func size(_ width: Width) -> Int { width.size(configuration) }
}
