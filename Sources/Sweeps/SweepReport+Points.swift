import Figures
import ReportSchemas
import Reports

extension SweepReport {
    /// Every point, with its command, what limits it, or why it failed.
    func addPoints(to page: inout Page) {
        func milliseconds(_ seconds: Double?) -> String { seconds.map { ($0 * 1000).figures } ?? "" }
        func percent(_ share: Double?) -> String { share.map { ($0 * 100).decimal(0) } ?? "" }
        func rate(_ phase: Phase, _ result: BenchResult) -> String {
            let spread = phase.spread(result).map { " (\($0.lowerBound.figures)..\($0.upperBound.figures))" } ?? ""
            return phase.rate(result).figures + spread
        }
        let rows = measured.map { point, result in
            [
                "\(point.ranks)", "\(point.threads)", "\(point.sequences)",
                point.microbatches.map(String.init) ?? "auto",
                result.partition.map(String.init).joined(separator: "+"), rate(.prefill, result), rate(.decode, result),
                milliseconds(result.ttftSeconds), milliseconds(result.itlSeconds.p50),
                percent(result.decodeBubble), percent(result.readBandwidthShare),
            ]
        }
        let table = Table(
            caption: "Medians, with the least and the largest",
            columns: [
                "ranks", "threads", "sequences", "microbatches", "layers", "prefill, tok/s", "decode, tok/s",
                "TTFT, ms",
                "ITL, ms", "bubble in decode, %", "of read bandwidth, %",
            ], rows: rows)
        page.add("All points", tables: rows.isEmpty ? [] : [table, limits])
        if !failed.isEmpty {
            let failures = Table(
                caption: "What these runs said last", columns: ["point", "error", "after, s"],
                rows: failed.map { ["\($0.point)", $0.error ?? "", $0.seconds.decimal(0)] }, wordColumns: [0, 1])
            page.add("Failed points", tables: [failures])
        }
        let commands = Table(
            caption: "As one would type them", columns: ["begun", "seconds", "command"],
            rows: records.map { [$0.started, $0.seconds.decimal(0), $0.command] }, wordColumns: [0, 2])
        page.add("Commands", tables: [commands])
    }

    /// What bench says of each point.
    private var limits: Table {
        Table(
            caption: "What limits each point", columns: ["point", "limit"],
            rows: measured.map { point, result in
                ["\(point)", [result.bottleneck, result.cause].compactMap { $0 }.joined(separator: ". ")]
            }, wordColumns: [0, 1])
    }

    /// A row for each point, with all digits.
    public var csv: String {
        let columns = [
            "ranks", "threads", "sequences", "microbatches", "partition", "prefill_tokens_per_second",
            "prefill_min", "prefill_max", "decode_tokens_per_second", "decode_min", "decode_max", "ttft_seconds",
            "itl_p50_seconds", "itl_p95_seconds", "itl_p99_seconds", "prefill_bubble", "decode_bubble",
            "weight_gigabytes_per_second", "read_bandwidth_share", "predicted_prefill_tokens_per_second",
            "predicted_decode_tokens_per_second", "started", "error",
        ]
        let rows = records.map { record -> [String] in
            let point = record.point
            let layout = [
                "\(point.ranks)", "\(point.threads)", "\(point.sequences)",
                point.microbatches.map(String.init) ?? "auto",
            ]
            guard let result = record.result else {
                let blanks = Array(repeating: "", count: columns.count - layout.count - 2)
                return layout + blanks + [record.started, record.error ?? ""]
            }
            let (prefill, decode) = (Phase.prefill.spread(result), Phase.decode.spread(result))
            let figures: [Double?] = [
                result.prefillTokensPerSecond, prefill?.lowerBound, prefill?.upperBound, result.decodeTokensPerSecond,
                decode?.lowerBound, decode?.upperBound, result.ttftSeconds, result.itlSeconds.p50,
                result.itlSeconds.p95, result.itlSeconds.p99, result.prefillBubble, result.decodeBubble,
                result.weightGigabytesPerSecond, result.readBandwidthShare,
                result.predicted?.prefillTokensPerSecond, result.predicted?.decodeTokensPerSecond,
            ]
            let partition = result.partition.map(String.init).joined(separator: "+")
            return layout + [partition] + figures.map { $0.map { "\($0)" } ?? "" } + [record.started, ""]
        }
        return Table(caption: "", columns: columns, rows: rows).csv
    }
}
