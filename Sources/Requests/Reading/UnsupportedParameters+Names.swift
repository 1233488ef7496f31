/// The names that OpenAI, vLLM, llama-server, SGLang, Ollama and text-generation-webui have for what is not built here.
extension UnsupportedParameters {
    /// What changes any answer, whatever its prompt is.
    public static let everywhere = UnsupportedParameters(forms + samplers + endings + prompts + responses)

    private static let form =
        "leave it out: answers cannot be held to a form yet; ask for the form in a message, and check the answer"

    private static let forms = [
        Group(
            [
                "grammar", "grammar_string", "json_schema", "guided_json", "guided_regex", "guided_choice",
                "guided_grammar", "guided_structural_tag", "structured_outputs", "structural_tag", "ebnf",
            ], neutral: .nothing, form)
    ]

    private static let sampler =
        "leave it out: tokens are chosen by temperature, top_k, top_p, min_p, penalties and logit_bias"

    private static let samplers = [
        Group(
            [
                "mirostat", "mirostat_mode", "dry_multiplier", "xtc_probability", "top_a", "dynatemp_range",
                "penalty_alpha", "no_repeat_ngram_size", "epsilon_cutoff", "eta_cutoff", "smoothing_factor",
            ], neutral: .numbers(0...0), sampler),
        Group(
            [
                "typical_p", "typical", "typ_p", "tfs_z", "tfs", "encoder_repetition_penalty", "guidance_scale",
                "cfg_scale",
            ], neutral: .numbers(1...1), sampler),
        Group(["top_n_sigma", "nsigma"], neutral: .numbers(-.infinity...0), sampler),
        Group(["adaptive_target"], neutral: .numbers(-.infinity...(-.leastNonzeroMagnitude)), sampler),
        Group(["min_keep", "num_beams"], neutral: .numbers(0...1), sampler),
        Group(
            [
                "samplers", "sampler_order", "sampler_priority", "dynamic_temperature", "use_beam_search", "watermark",
                "watermarking", "negative_prompt", "logits_processors", "custom_logit_processor",
            ], neutral: .nothing, sampler),
        Group(["do_sample"], neutral: .on, "a temperature of 0 takes the likeliest token"),
        Group(
            ["repetition_penalty_range", "rep_pen_range"], neutral: .numbers(-1...0),
            "repeat_last_n says how many tokens the penalties look at"),
        Group(
            [
                "allowed_token_ids", "bad_words", "bad_words_ids", "banned_tokens", "banned_strings",
                "custom_token_bans", "suppress_tokens",
            ], neutral: .nothing, "logit_bias makes tokens likelier, less likely or, with false, impossible"),
        Group(["lora", "lora_path", "lora_request"], neutral: .nothing, "leave it out: there are no adapters"),
        Group(
            ["best_of"], neutral: .field("n"), "n gives that many answers; which is the best one is for you to say"),
    ]

    private static let ending = "leave it out: an answer ends at an end token, at a text in stop, or at max_tokens"

    private static let endings = [
        Group(["min_tokens", "min_new_tokens", "min_length", "n_indent"], neutral: .numbers(0...0), ending),
        Group(
            [
                "stop_token_ids", "stop_regex", "include_stop_str_in_output", "no_stop_trim", "repetition_detection",
                "ban_eos_token",
            ], neutral: .nothing, ending),
        Group(["stopping_strings", "stop_sequence"], neutral: .nothing, "stop takes texts to end at"),
        Group(
            [
                "thinking_token_budget", "thinking_budget_tokens", "thinking_budget", "reasoning_budget",
                "reasoning_budget_tokens",
            ], neutral: .numbers(-.infinity...(-1)), ending),
        Group(["t_max_predict_ms", "t_max_prompt_ms", "max_time"], neutral: .numbers(-.infinity...0), ending),
    ]

    private static let onlyText = "only text can be taken"

    private static let prompts = [
        Group(["suffix"], neutral: .nothing, "leave it out: only what follows a prompt can be generated"),
        Group(
            ["truncate_prompt_tokens", "truncate"], neutral: .nothing,
            "leave it out: a prompt beyond the context is refused, not cut"),
        Group(
            ["image_data", "multimodal_data", "prompt_embeds", "input_embeds"], neutral: .nothing, onlyText),
        Group(["web_search_options", "moderation"], neutral: .never, "leave it out: the model is all that there is"),
        Group(["safe_prompt"], neutral: .nothing, "give a message of the role system"),
        Group(["verbosity"], neutral: .words(["medium"]), "say in a message how long the answer is to be"),
    ]

    private static let response = "leave it out: responses do not hold it"

    private static let responses = [
        Group(["modalities"], neutral: .words(["text"]), "answers are text"),
        Group(["prompt_logprobs"], neutral: .never, "in /v1/completions echo and logprobs tell those of the prompt"),
        Group(["n_probs"], neutral: .numbers(0...0), "logprobs and top_logprobs tell how likely tokens were"),
        Group(
            [
                "post_sampling_probs", "logprob_token_ids", "return_tokens_as_token_ids", "return_token_ids",
                "return_tokens", "return_hidden_states", "return_prompt_text", "separate_reasoning",
            ], neutral: .nothing, response),
        Group(["return_full_text"], neutral: .nothing, "in /v1/completions echo begins answers with their prompts"),
        Group(["skip_special_tokens", "include_reasoning"], neutral: .on, response),
        Group(["reasoning_format"], neutral: .words(["none", "auto", "raw"]), response),
    ]
}

extension UnsupportedParameters {
    /// What changes the answer to the body of an HTTP request. In a file of prompts people have such names for what is
    /// theirs.
    public static let ofBodies = UnsupportedParameters([
        Group(["format", "regex"], neutral: .nothing, form),
        Group(["images", "audio"], neutral: .nothing, onlyText),
        Group(["options"], neutral: .nothing, "give what it holds as fields of the request itself"),
        Group(["system", "instructions", "template"], neutral: .nothing, "give a message of the role system"),
        Group(
            ["thinking", "think", "reasoning"], neutral: .never,
            "give reasoning_effort, enable_thinking, or chat_template_kwargs with what the chat template knows"),
    ])
}

/// What changes a prompt, by the kind of prompt.
extension UnsupportedParameters {
    private static let template =
        "leave it out, or send a whole prompt to /v1/completions: messages go through the chat template that is served"

    /// Beside `messages`.
    public static let ofConversations = UnsupportedParameters([
        Group(["functions"], neutral: .nothing, "give them as tools"),
        Group(
            ["function_call"], neutral: .words(["none", "auto"]),
            "leave it out: what the model calls is for it to choose"),
        Group(["chat_template", "add_special_tokens"], neutral: .nothing, template),
    ])

    /// In a message.
    static let ofMessages = UnsupportedParameters([
        Group(["function_call"], neutral: .nothing, "give it as one of tool_calls")
    ])

    /// Among the template's variables.
    static let ofVariables = UnsupportedParameters([
        Group(
            ["messages", "tools", "documents", "add_generation_prompt", "continue_final_message"], neutral: .never,
            "give it as a field of the request itself")
    ])

    /// Beside a prompt that is a text or token ids.
    public static let ofTexts = UnsupportedParameters([
        Group(
            [
                "tools", "functions", "documents", "chat_template", "chat_template_kwargs", "continue_final_message",
            ], neutral: .nothing, "it goes with messages"),
        Group(["tool_choice", "function_call"], neutral: .words(["none", "auto"]), "it goes with messages"),
        Group(["messages", "reasoning_effort", "enable_thinking"], neutral: .never, "it goes with messages"),
        Group(["add_generation_prompt"], neutral: .on, "it goes with messages"),
        Group(["add_special_tokens"], neutral: .on, "a prompt of token ids is taken as it is"),
    ])
}
