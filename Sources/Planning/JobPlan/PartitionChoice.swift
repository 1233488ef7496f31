/// Who chose a run's partition.
public enum PartitionChoice: String, Sendable, Codable {
    /// The user, or the model's slices, which were cut for it.
    case given
    /// Nobody yet: layers are shared out evenly until hosts and links are known.
    case even
    /// The planner.
    case planned
}
