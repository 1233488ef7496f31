import Requests

extension UnsafeBufferPointer<Float> {
    /// The index of the largest logit, the lower one of equals.
    func likeliest() throws(EngineError) -> Int {
        var best = 0
        for (id, logit) in enumerated() {
            guard logit.isFinite else {
                throw .badInput("the model yields logits that are not finite; its file is damaged or overflows float32")
            }
            if logit > self[best] { best = id }
        }
        return best
    }
}
