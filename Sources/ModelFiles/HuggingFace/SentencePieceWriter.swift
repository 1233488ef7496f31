/// Writes the `tokenizer.model` that a GGUF's SentencePiece vocabulary came from, as far as ``SentencePieceModel`` reads it.
enum SentencePieceWriter {
    /// The file's bytes; nil where the GGUF has another kind of vocabulary.
    static func encode(_ file: GGUFFile) -> [UInt8]? {
        func value(_ name: String) -> GGUFValue? { file["tokenizer.ggml.\(name)"] }
        guard value("model")?.string == "llama", let tokens = value("tokens")?.texts,
            let scores = value("scores")?.floats, let kinds = value("token_type")?.integers,
            tokens.count == scores.count, tokens.count == kinds.count
        else { return nil }
        var output = ProtobufEncoder()
        for (token, (score, kind)) in zip(tokens, zip(scores, kinds)) {
            var piece = ProtobufEncoder()
            piece.append(1, bytes: token)
            piece.append(2, float: score)
            piece.append(3, UInt64(clamping: kind))
            output.append(1, bytes: piece.bytes)
        }
        var trainer = ProtobufEncoder()
        trainer.append(3, 2)
        for (field, name) in [(40, "unknown_token_id"), (41, "bos_token_id"), (42, "eos_token_id")] {
            if let id = value(name)?.integer { trainer.append(field, UInt64(clamping: id)) }
        }
        output.append(2, bytes: trainer.bytes)
        var normalizer = ProtobufEncoder()
        normalizer.append(1, bytes: Array("identity".utf8))
        normalizer.append(3, value("add_space_prefix")?.bool == false ? 0 : 1)
        normalizer.append(4, 0)
        normalizer.append(5, 1)
        output.append(3, bytes: normalizer.bytes)
        return output.bytes
    }
}

/// Appends the fields of a Protocol Buffers message.
private struct ProtobufEncoder {
    private(set) var bytes: [UInt8] = []

    mutating func append(_ field: Int, _ integer: UInt64) {
        append(varint: UInt64(field) << 3)
        append(varint: integer)
    }

    mutating func append(_ field: Int, float: Float) {
        append(varint: UInt64(field) << 3 | 5)
        withUnsafeBytes(of: float.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
    }

    mutating func append(_ field: Int, bytes message: [UInt8]) {
        append(varint: UInt64(field) << 3 | 2)
        append(varint: UInt64(message.count))
        bytes += message
    }

    private mutating func append(varint: UInt64) {
        var rest = varint
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }
}
