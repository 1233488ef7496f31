import Tensors

/// What a form of models says of itself in a GGUF file.
protocol ExportedSource {
    /// Keys and values in the order of the file.
    func exportedMetadata(
        _ configuration: ModelConfiguration, _ family: ModelFamily
    ) throws(ModelFileProblem) -> [(key: String, value: GGUFValue)]

    /// The order in which the rows of a tensor go.
    func exportedOrder(_ role: TensorRole, _ configuration: ModelConfiguration, _ family: ModelFamily) -> RowOrder

    /// Tensors that the source has in another form.
    func exportedTables(_ configuration: ModelConfiguration) -> [ExportedTensor]
}

/// A GGUF stays what it is, in one part.
extension GGUFModel: ExportedSource {
    func exportedMetadata(
        _ configuration: ModelConfiguration, _ family: ModelFamily
    ) -> [(key: String, value: GGUFValue)] { header.keys.map { ($0, header[$0]!) } }

    func exportedOrder(_ role: TensorRole, _ configuration: ModelConfiguration, _ family: ModelFamily) -> RowOrder {
        .same
    }

    func exportedTables(_ configuration: ModelConfiguration) -> [ExportedTensor] { [] }
}

/// A slice has not all that a file needs.
extension SliceModel: ExportedSource {
    func exportedMetadata(
        _ configuration: ModelConfiguration, _ family: ModelFamily
    ) throws(ModelFileProblem) -> [(key: String, value: GGUFValue)] {
        throw .unsupportedFeature("it is a slice; convert the whole model")
    }

    func exportedOrder(_ role: TensorRole, _ configuration: ModelConfiguration, _ family: ModelFamily) -> RowOrder {
        .same
    }

    func exportedTables(_ configuration: ModelConfiguration) -> [ExportedTensor] { [] }
}
