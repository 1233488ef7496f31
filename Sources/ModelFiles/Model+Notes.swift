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
    func repeatsEmbedding() throws(FileReadError) -> Bool {
        guard source.saysHeadIsTied, !configuration.hasTiedOutputHead else { return false }
        return try outputHead.equals(tokenEmbedding)
    }
}

extension TensorView {
    /// Whether both have the same bytes in a sample of every mebibyte. A slice without them is not compared; nor are files
    /// that cannot be read, which is told where their weights are loaded.
    fileprivate func resembles(_ other: TensorView) -> Bool {
        if isAbsent || other.isAbsent { return true }
        guard storedType == other.storedType, fileRange.count == other.fileRange.count else { return false }
        guard let (mine, others) = try? (sampleHash(), other.sampleHash()) else { return true }
        return mine == others
    }

    fileprivate func equals(_ other: TensorView) throws(FileReadError) -> Bool {
        guard storedType == other.storedType, fileRange.count == other.fileRange.count else { return false }
        for offset in stride(from: 0, to: fileRange.count, by: 1 << 20) {
            let count = min(1 << 20, fileRange.count - offset)
            let (mine, others) = (fileRange.lowerBound + offset, other.fileRange.lowerBound + offset)
            guard try file.bytes(mine..<mine + count) == other.file.bytes(others..<others + count) else { return false }
        }
        return true
    }
}
