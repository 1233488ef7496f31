import Tensors

/// What is to be told of a model whose files are not what their configuration says.
extension Model {
    /// One sentence each, without a full stop; none, as usual, for most models.
    public var notes: [String] {
        var notes: [String] = []
        if let name = leftOut.min() {
            notes.append(
                leftOut.count == 1
                    ? "1 tensor that changes nothing is left out: '\(name)'"
                    : "\(leftOut.count) tensors that change nothing are left out, such as '\(name)'")
        }
        if source.saysHeadIsTied, !configuration.hasTiedOutputHead, !outputHead.resembles(tokenEmbedding) {
            notes.append(
                "warning: config.json says that the embedding is the output head (tie_word_embeddings), but the files have "
                    + "another one, which is used")
        }
        return notes
    }

    /// Whether the files have the embedding a second time as the head.
    var repeatsEmbedding: Bool {
        source.saysHeadIsTied && !configuration.hasTiedOutputHead && outputHead.equals(tokenEmbedding)
    }
}

extension TensorView {
    /// Whether both have the same bytes in a sample of every mebibyte. A slice without them is not compared.
    fileprivate func resembles(_ other: TensorView) -> Bool {
        let (mine, others) = (bytes, other.bytes)
        if isAbsent || other.isAbsent { return true }
        guard storedType == other.storedType, mine.count == others.count else { return false }
        return stride(from: 0, to: mine.count, by: 1 << 20).allSatisfy { start in
            let piece = start..<min(start + 4096, mine.count)
            return mine[piece].elementsEqual(others[piece])
        }
    }

    fileprivate func equals(_ other: TensorView) -> Bool {
        storedType == other.storedType && bytes.elementsEqual(other.bytes)
    }
}
