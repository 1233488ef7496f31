import Elementary
import Tokenization

extension Sampler {
    /// The log-probability of `id`, and of the `count` likeliest tokens, by the raw logits: before penalties, bias and
    /// temperature. The sum over the vocabulary runs in ascending order of ids.
    public mutating func logprobs(
        of id: TokenID, likeliest count: Int, _ logits: UnsafeBufferPointer<Float>
    ) -> TokenLogprobs {
        widen(logits)
        let ids = candidates.highest(max(count, 1), of: values)
        let top = values[Int(ids[0])]
        values.withUnsafeMutableBufferPointer { values in
            for id in values.indices { values[id] -= top }
            Transcendental.exp(inPlace: values)
        }
        var sum = 0.0
        for value in values { sum += value }
        let logSum = Transcendental.log(sum)
        func entry(_ id: TokenID) -> TokenLogprobs.Entry {
            .init(id: id, logprob: Double(logits[Int(id)]) - top - logSum)
        }
        return TokenLogprobs(token: entry(id), likeliest: ids.prefix(count).map(entry))
    }
}
