extension JobPlan: CustomStringConvertible {
    /// A line for each part, for people.
    public var description: String {
        let chosen =
            switch choice {
            case .given: "as given"
            case .even: "shared out evenly"
            case .planned:
                "as planned for \(workload.sequences) x \(workload.promptTokens)+\(workload.generateTokens) tokens"
            }
        let capacity = memory.capacity
        return """
            layers \(partition), \(chosen)
            ranks of each stage \(groups.sizes.map(String.init).joined(separator: ","))
            keys and values in \(memory.type.name): \(capacity.slotCount) x \(capacity.contextLength) tokens, \
            \(capacity.blockCount) blocks
            microbatches of at most \(rowCapacity) rows, \(flight.microbatches.map(String.init) ?? "as many as help") in flight, \
            prompts by \(flight.chunk.map(String.init) ?? "what the costs advise")
            hosts \(profile?.hosts.map(\.name).joined(separator: ",") ?? "not looked at")
            """ + inputs.map { "\n\($0.name) \($0.value)" }.joined()
    }
}
