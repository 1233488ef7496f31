import Requests

/// Everything that is measured, in Prometheus' text format (version 0.0.4).
struct PrometheusText {
    private(set) var text = ""

    init(_ values: ServerMetrics.Values, _ status: EngineStatus, openAnswers: Int) {
        add("requests_total", "counter", "HTTP requests by route and status.")
        for (kind, count) in values.requests.sorted(by: {
            ($0.key.route, $0.key.status) < ($1.key.route, $1.key.status)
        }) {
            sample("requests_total", "{route=\"\(kind.route)\",status=\"\(kind.status)\"}", "\(count)")
        }
        counter("prompt_tokens_total", "Prompt tokens of answers that have ended.", values.promptTokens)
        counter("cached_prompt_tokens_total", "Of these, tokens found in the KV cache.", values.cachedTokens)
        counter("generated_tokens_total", "Tokens of answers that have ended.", values.generatedTokens)
        counter("refused_answers_total", "Requests that found the queue full.", values.refusals)
        counter("cancelled_answers_total", "Answers that ended before their time.", values.cancellations)
        gauge("open_answers", "Answers under way or waiting.", "\(openAnswers)")
        add(status)
        histogram("time_to_first_token_seconds", "From admission to the first token (TTFT).", values.timeToFirstToken)
        histogram("inter_token_seconds", "From a token to the next (ITL).", values.interTokenTime)
        histogram("queue_seconds", "Waiting for a slot.", values.queueTime)
        histogram("answer_seconds", "Whole answers (E2E).", values.answerTime)
    }

    private mutating func add(_ status: EngineStatus) {
        gauge("sequences_waiting", "Sequences that wait for a slot or memory.", "\(status.waiting)")
        gauge("sequences_running", "Sequences that hold a slot.", "\(status.running)")
        gauge("kv_blocks", "Blocks of the KV cache, of 64 positions each.", "\(status.kvBlocks)")
        gauge("kv_blocks_used", "Blocks that sequences hold.", "\(status.kvBlocks - status.freeKVBlocks)")
        gauge("microbatches_in_flight", "The most microbatches in the ring at once, lately.", "\(status.inFlight)")
        counter("microbatches_total", "Microbatches since the start.", status.microbatches)
        counter("computed_tokens_total", "Tokens computed, of prompts and answers.", status.computedTokens)
        counter("sampled_tokens_total", "Tokens sampled.", status.sampledTokens)
        counter("preemptions_total", "Sequences that made room for an older one.", status.preemptions)
        add("stage_busy_seconds_total", "counter", "Seconds that a stage has computed; its rate is the busy share.")
        for (rank, seconds) in status.busySeconds.enumerated() {
            sample("stage_busy_seconds_total", "{rank=\"\(rank)\"}", "\(seconds)")
        }
    }

    private mutating func counter(_ name: String, _ help: String, _ value: Int) {
        add(name, "counter", help)
        sample(name, "", "\(value)")
    }

    private mutating func gauge(_ name: String, _ help: String, _ value: String) {
        add(name, "gauge", help)
        sample(name, "", value)
    }

    private mutating func histogram(_ name: String, _ help: String, _ histogram: Histogram) {
        add(name, "histogram", help)
        var below = 0
        for (bound, count) in zip(histogram.bounds, histogram.counts) {
            below += count
            sample("\(name)_bucket", "{le=\"\(bound)\"}", "\(below)")
        }
        sample("\(name)_bucket", "{le=\"+Inf\"}", "\(histogram.count)")
        sample("\(name)_sum", "", "\(histogram.sum)")
        sample("\(name)_count", "", "\(histogram.count)")
    }

    private mutating func add(_ name: String, _ type: String, _ help: String) {
        text += "# HELP stagecoach_\(name) \(help)\n# TYPE stagecoach_\(name) \(type)\n"
    }

    private mutating func sample(_ name: String, _ labels: String, _ value: String) {
        text += "stagecoach_\(name)\(labels) \(value)\n"
    }
}
