import Requests

/// What every object of an answer says of it.
struct AnswerHead: Sendable {
    let id: String
    /// Seconds since 1970.
    let created: Int
    let model: String
    let seed: UInt64
    /// The build: with model and seed it says that the same answer can be had again.
    let systemFingerprint = "stagecoach-\(Build.version)"
}
