extension ModelSummary {
    /// The summary as text, one fact a line.
    public var lines: [String] {
        var lines = [
            row("model", name.isEmpty ? "unnamed" : name),
            row("file", "\(path), \(byteText(fileBytes))"),
            row("architecture", "\(architecture), \(parameterText) parameters"),
            row("layers", "\(layerCount), hidden size \(hiddenSize), feed-forward size \(intermediateSize)"),
            row("heads", "\(headCount) of \(headDim) elements, \(kvHeadCount) for keys and values"),
            row("rotary", rotary),
            row("norm", "RMS, epsilon \(rmsNormEpsilon)"),
            row("context", "\(contextLength) tokens\(slidingWindow.map { ", a sliding window of \($0)" } ?? "")"),
        ]
        for (index, share) in types.enumerated() {
            let amount = "\(share.tensors) tensor\(share.tensors == 1 ? "" : "s"), \(byteText(share.bytes))"
            lines.append(row(index == 0 ? "quantization" : "", "\(share.type): \(amount)"))
        }
        lines.append(row("embedding", "\(vocabSize) rows, \(byteText(tokenEmbeddingBytes))"))
        lines.append(row("output head", hasTiedOutputHead ? "the embedding" : byteText(outputHeadBytes)))
        lines.append(row("memory per layer", layerText))
        lines.append(row("KV cache", "\(byteText(kvBytesPerToken)) per token in F16"))
        return lines + tokenizer.lines
    }

    private var layerText: String {
        guard let least = layerBytes.min(), let most = layerBytes.max() else { return "none" }
        return least == most ? byteText(least) : "\(byteText(least)) to \(byteText(most))"
    }

    private var parameterText: String {
        let count = Double(parameterCount)
        return count >= 1e9 ? "\((count / 1e9).oneDecimal) billion" : "\((count / 1e6).oneDecimal) million"
    }
}

/// A label in a column of its own.
func row(_ label: String, _ text: String) -> String {
    label + String(repeating: " ", count: max(1, 18 - label.count)) + text
}

/// A size in the binary unit that suits it.
func byteText(_ count: Int) -> String {
    var (value, units) = (Double(count), ["KiB", "MiB", "GiB", "TiB"][...])
    guard value >= 1024 else { return "\(count) bytes" }
    value /= 1024
    while value >= 1024, units.count > 1 {
        value /= 1024
        units.removeFirst()
    }
    return "\(value.oneDecimal) \(units.first!)"
}

extension Double {
    /// Rounded to one decimal.
    var oneDecimal: String {
        let tenths = Int((self * 10).rounded())
        return "\(tenths / 10).\(tenths % 10)"
    }

    /// Without ".0" where it is a whole number.
    var shortest: String {
        let text = "\(self)"
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }
}
