/// Seconds for a chunk of prompts and for a microbatch of decode.
struct PhaseSeconds {
    var prefill = 0.0
    var decode = 0.0

    static func + (a: PhaseSeconds, b: PhaseSeconds) -> PhaseSeconds {
        PhaseSeconds(prefill: a.prefill + b.prefill, decode: a.decode + b.decode)
    }

    static func - (a: PhaseSeconds, b: PhaseSeconds) -> PhaseSeconds {
        PhaseSeconds(prefill: a.prefill - b.prefill, decode: a.decode - b.decode)
    }

    static func * (a: PhaseSeconds, factor: Double) -> PhaseSeconds {
        PhaseSeconds(prefill: a.prefill * factor, decode: a.decode * factor)
    }

    /// The longer one of each.
    func longest(_ other: PhaseSeconds) -> PhaseSeconds {
        PhaseSeconds(prefill: max(prefill, other.prefill), decode: max(decode, other.decode))
    }
}
