/// Where the weights of one decoder layer stand in a model's files, in the order in which a token reads them.
public struct LayerTensors: Sendable {
    private let tensors: [(role: WeightRole, view: TensorView)]

    /// - Parameter tensors: in any order.
    init(_ tensors: [WeightRole: TensorView]) {
        self.tensors = WeightRole.ofLayer.compactMap { role in tensors[role].map { (role, $0) } }
    }

    /// A weight that the model's family always has.
    public subscript(role: WeightRole) -> TensorView { tensor(role)! }

    /// A weight, where the model has it.
    public func tensor(_ role: WeightRole) -> TensorView? { tensors.first { $0.role == role }?.view }

    public var roles: [WeightRole] { tensors.map { $0.role } }
    public var all: [TensorView] { tensors.map { $0.view } }

    /// Those that rows are multiplied with.
    public var matrices: [TensorView] { matrixRoles.map { self[$0] } }
    public var matrixRoles: [WeightRole] { roles.filter { $0.rule.product != nil } }

    /// Bytes of the layer in memory.
    public var byteCount: Int { tensors.reduce(0) { $0 + $1.view.byteCount } }

    /// Bytes that every token reads of it.
    public var byteCountForEveryRow: Int {
        tensors.reduce(0) { $0 + ($1.role.rule.part.isReadForEveryRow ? $1.view.byteCount : 0) }
    }

    /// Bytes that are read from the model's files for it.
    public var storedByteCount: Int { tensors.reduce(0) { $0 + $1.view.fileRange.count } }
}
