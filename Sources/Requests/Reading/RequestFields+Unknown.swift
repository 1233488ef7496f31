/// Fields that nothing here knows, perhaps since they are misspelt: they change nothing, and whoever sent them is told.
extension RequestFields {
    /// Their names, the first few, as far as they are names.
    public var unknown: [String] {
        let names = members.map(\.key).filter { name in
            !Self.known.contains(name) && !UnsupportedParameters.hasRules(for: name) && Self.isName(name)
        }
        return Array(names.prefix(10))
    }

    private static let known = Set(read + harmless).union(synonyms.joined())

    /// What requests are read for.
    private static let read = [
        "model", "messages", "prompt", "tools", "tool_choice", "documents", "chat_template_kwargs", "enable_thinking",
        "reasoning_effort", "continue_final_message", "add_generation_prompt", "temperature", "top_k", "top_p", "min_p",
        "frequency_penalty", "presence_penalty", "repeat_last_n", "logit_bias", "ignore_eos", "response_format",
        "stream",
        "stream_options", "logprobs", "top_logprobs", "echo", "user",
    ]

    /// What changes no answer: who asks and what for, how to keep or send what was computed, and what steers a sampler
    /// that is off.
    private static let harmless = [
        "metadata", "store", "service_tier", "safety_identifier", "prompt_cache_key", "prompt_cache_retention",
        "prompt_cache_options", "prediction", "parallel_tool_calls", "priority", "request_id", "session_id",
        "cache_salt",
        "cache_prompt", "id_slot", "slot_id", "n_cache_reuse", "n_keep", "n_discard", "num_keep", "num_ctx",
        "keep_alive",
        "num_gpu", "num_thread", "timings_per_token", "return_progress", "verbose", "response_fields",
        "sse_ping_interval", "stream_interval", "backend_sampling", "mirostat_tau", "mirostat_eta", "dry_base",
        "dry_allowed_length", "dry_penalty_last_n", "dry_sequence_breakers", "xtc_threshold", "dynatemp_exponent",
        "dynatemp_low", "dynatemp_high", "smoothing_curve", "adaptive_decay", "length_penalty", "early_stopping",
        "guided_decoding_backend", "guided_whitespace_pattern", "grammar_lazy", "grammar_triggers", "grammar_type",
        "truncation_side", "spaces_between_special_tokens", "media_io_kwargs", "mm_processor_kwargs",
    ]

    /// Whether a text can stand in a header and in a log as it is.
    private static func isName(_ text: String) -> Bool {
        (1...40).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."):
                    true
                default: false
                }
            }
    }
}
