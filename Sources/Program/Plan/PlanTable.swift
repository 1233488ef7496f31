import Figures
import Planning

/// What `plan` prints for people.
struct PlanTable {
    /// How the hosts' figures were had.
    enum Source: String {
        case measured = "measured now"
        case given = "as the cluster file says"
        case assumed = "as the cluster file says, and otherwise taken to be like this machine"
    }

    let text: String

    /// Stages of longer plans are left out in the middle.
    private static let mostLines = 48
    private static let barWidth = 24

    init(_ plan: Plan, _ request: PlanRequest, _ source: Source) {
        let width = max(12, (plan.stages.map(\.host.count).max() ?? 0) + 2)
        let last = plan.predictions.last!
        let busiest = last.decode.busy.max() ?? 1
        let ranks = plan.stages.count == 1 ? "1 rank" : "\(plan.stages.count) ranks"
        var lines = [
            "\(ranks), hosts and links \(source.rawValue)",
            "rank  " + "host".padded(to: width)
                + "layers        weights         KV      total  of memory   decode, share of "
                + "the busiest",
        ]
        for (rank, stage) in plan.stages.enumerated() {
            if plan.stages.count > Self.mostLines, rank >= Self.mostLines / 2,
                rank < plan.stages.count - Self.mostLines / 2
            {
                if rank == Self.mostLines / 2 { lines.append("...") }
                continue
            }
            let share = busiest > 0 ? last.decode.busy[rank] / busiest : 0
            let memory =
                stage.memoryBytes.map { (Double(stage.totalBytes) / Double($0)).percent() } ?? "-"
            lines.append(
                "\(rank)".padded(to: 6) + stage.host.padded(to: width)
                    + "\(stage.layers.lowerBound)..<\(stage.layers.upperBound)".padded(to: 9)
                    + [stage.weightBytes, stage.kvBytes, stage.totalBytes].map { $0.mebibytes.padded(left: 11) }
                    .joined()
                    + memory.padded(left: 11) + "   " + Self.bar(share))
        }
        lines += Self.quotas(plan.stages)
        lines += [
            "KV is for \(request.sequences.max()!) x \(request.context) tokens, total is with program and buffers", "",
            "sequences   prefill tok/s   decode tok/s    TTFT s   prompt \(request.promptTokens), then "
                + "\(request.generateTokens) tokens",
        ]
        for prediction in plan.predictions {
            lines.append(
                "\(prediction.workload.sequences)".padded(left: 9)
                    + prediction.prefillTokensPerSecond.decimal(1).padded(left: 16)
                    + prediction.decodeTokensPerSecond.decimal(1).padded(left: 15)
                    + prediction.timeToFirstToken.decimal(3).padded(left: 10))
        }
        lines += ["", "limited by " + plan.bottleneck, "--partition \(plan.partition)"]
        text = lines.map { $0 + "\n" }.joined()
    }

    /// A line for each kind of rank whose threads follow from a quota.
    private static func quotas(_ stages: [Plan.Stage]) -> [String] {
        var lines: [String] = []
        for stage in stages {
            guard let quota = stage.cpuQuota else { continue }
            let line = "\(stage.host): \(ThreadCount(stage.threads, quota: quota).text) a rank"
            if !lines.contains(line), lines.count < mostLines { lines.append(line) }
        }
        return lines
    }

    private static func bar(_ share: Double) -> String {
        guard share.isFinite else { return "" }
        let filled = min(barWidth, max(share > 0 ? 1 : 0, Int((share * Double(barWidth)).rounded())))
        return String(repeating: "█", count: filled) + String(repeating: "░", count: barWidth - filled)
    }
}
