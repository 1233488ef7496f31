/// What people call the tensors of a Hugging Face folder, and what the same tensors are called here.
enum PublishedNames {
    /// Of the parts of a model that stand under `model.` where a head stands beside them.
    private static let base = ["embed_tokens.", "layers.", "norm.", "rotary_emb."]

    /// The tensor under its whole name: a model that was saved without its head (`AutoModel`) leaves out `model.`.
    static func full(_ tensor: StoredTensor) -> StoredTensor {
        guard base.contains(where: tensor.name.hasPrefix) else { return tensor }
        var tensor = tensor
        tensor.name = "model.\(tensor.name)"
        return tensor
    }

    /// Where embedding and head are one matrix, some files have it under the head's name alone.
    static func takeTiedHead(_ tensors: inout StoredTensors, _ settings: HuggingFaceSettings) {
        let embedding = TensorNames.huggingFace.name(.tokenEmbedding)
        guard tensors[embedding] == nil, settings["tie_word_embeddings"]?.bool != false else { return }
        tensors.rename(TensorNames.huggingFace.name(.outputHead), to: embedding)
    }
}
