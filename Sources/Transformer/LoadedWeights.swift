import Kernels
import ModelFiles

/// The weights of one layer on their way to their fields: whatever the model has of ``WeightRole``'s list, loaded in its order.
struct LoadedWeights {
    private var matrices: [WeightRole: PackedMatrix] = [:]
    private var vectors: [WeightRole: [Float]] = [:]
    private let configuration: ModelConfiguration

    init(
        _ tensors: LayerTensors, _ configuration: ModelConfiguration, arena: inout WeightArena, loader: WeightLoader
    ) throws {
        self.configuration = configuration
        for role in tensors.roles {
            if role.rule.product == nil {
                vectors[role] = try loader.vector(tensors[role])
            } else {
                let matrix = try arena.place(tensors[role])
                try loader.pack(tensors[role], into: matrix)
                matrices[role] = matrix
            }
        }
    }

    /// A vector that every family has.
    func vector(_ role: WeightRole) -> [Float] { vectors[role]! }

    func optionalVector(_ role: WeightRole) -> [Float]? { vectors[role] }

    /// - Parameter bias: what is added to its product, where the family has it.
    func matrix(_ role: WeightRole, bias: WeightRole? = nil) -> LayerMatrix {
        LayerMatrix(matrices[role]!, role, configuration, bias: bias.flatMap { vectors[$0] })
    }

    /// How rows meet matrices that are all multiplied with them; nil where all are floats.
    func inputPrecision(_ roles: [WeightRole]) -> ActivationPrecision? {
        roles.contains { matrices[$0]!.type.isQuantized } ? .shared(by: roles) : nil
    }
}
