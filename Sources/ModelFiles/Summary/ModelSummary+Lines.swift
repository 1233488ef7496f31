import Figures

extension ModelSummary {
    /// The summary as text, one fact a line.
    public var lines: [String] {
        var lines = [
            row("model", name.isEmpty ? "unnamed" : name),
            row("file", "\(path), \(fileBytes.byteText)"),
            row("architecture", "\(architecture), \(parameterText) parameters"),
            row("layers", "\(layerCount), hidden size \(hiddenSize), feed-forward size \(intermediateSize)"),
            row("heads", "\(headCount) of \(headDim) elements, \(kvHeadCount) for keys and values"),
            row("rotary", rotary),
            row("norm", "RMS, epsilon \(rmsNormEpsilon)"),
            row("context", "\(contextLength) tokens\(slidingWindow.map { ", a sliding window of \($0)" } ?? "")"),
        ]
        for (index, share) in types.enumerated() {
            let amount = "\(share.tensors) tensor\(share.tensors == 1 ? "" : "s"), \(share.bytes.byteText)"
            lines.append(row(index == 0 ? "quantization" : "", "\(share.type): \(amount)"))
        }
        lines.append(row("embedding", "\(vocabSize) rows, \(tokenEmbeddingBytes.byteText)"))
        lines.append(row("output head", hasTiedOutputHead ? "the embedding" : outputHeadBytes.byteText))
        lines.append(row("memory per layer", layerText))
        lines.append(row("KV cache", "\(kvBytesPerToken.byteText) per token in F16"))
        return lines + tokenizer.lines + notes.map { row("note", $0) }
    }

    private var layerText: String {
        guard let least = layerBytes.min(), let most = layerBytes.max() else { return "none" }
        return least == most ? least.byteText : "\(least.byteText) to \(most.byteText)"
    }

    private var parameterText: String {
        let count = Double(parameterCount)
        return count >= 1e9 ? "\((count / 1e9).decimal(1)) billion" : "\((count / 1e6).decimal(1)) million"
    }
}

/// A label in a column of its own.
func row(_ label: String, _ text: String) -> String {
    label + String(repeating: " ", count: max(1, 18 - label.count)) + text
}

extension Double {
    /// Without ".0" where it is a whole number.
    var shortest: String {
        let text = "\(self)"
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }
}
