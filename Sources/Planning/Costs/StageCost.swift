/// How long one stage takes, for any microbatch.
public struct StageCost: Sendable, Equatable, Codable {
    public var layerCount: Int
    /// Seconds of all its layers by rows, attention's products left out.
    public var layers: RowCurve
    /// Seconds for each position that a row attends to.
    public var secondsPerAttended: Double
    /// Seconds for each position whose keys and values are read.
    public var secondsPerCached: Double
    /// Seconds of final norm and output head by rows that want logits; rank 0 only.
    public var head: RowCurve?
    /// The part of `layers` for reading the weights once, at the host's read bandwidth.
    public var readSeconds: Double
    /// The same of the head.
    public var headReadSeconds: Double
    /// The part of the weights that is taken to be in the last-level cache when their turn comes.
    public var cachedShare = 0.0

    public var hasLayers: Bool { layerCount > 0 }

    /// Seconds of the layers.
    public func seconds(_ microbatch: MicrobatchShape) -> Double {
        layers.seconds(Double(microbatch.rows)) + secondsPerAttended * Double(microbatch.attended)
            + secondsPerCached * Double(microbatch.cached)
    }

    /// Seconds from hidden states that came back to logits; 0 on other ranks than 0.
    public func headSeconds(_ logitRows: Int) -> Double { head?.seconds(Double(logitRows)) ?? 0 }

    /// Seconds that the microbatch keeps the stage busy, on its way through and back.
    public func totalSeconds(_ microbatch: MicrobatchShape) -> Double {
        seconds(microbatch) + headSeconds(microbatch.logitRows)
    }

    /// The stage as it is for `share` of the time what `other` says, and this for the rest.
    func mixed(with other: StageCost, share: Double) -> StageCost {
        func mix(_ a: Double, _ b: Double) -> Double { a + (b - a) * share }
        var mixed = self
        mixed.layers = layers.mixed(with: other.layers, share: share)
        if let head, let otherHead = other.head { mixed.head = head.mixed(with: otherHead, share: share) }
        mixed.secondsPerAttended = mix(secondsPerAttended, other.secondsPerAttended)
        mixed.secondsPerCached = mix(secondsPerCached, other.secondsPerCached)
        mixed.readSeconds = mix(readSeconds, other.readSeconds)
        mixed.headReadSeconds = mix(headReadSeconds, other.headReadSeconds)
        mixed.cachedShare = mix(cachedShare, other.cachedShare)
        return mixed
    }
}
