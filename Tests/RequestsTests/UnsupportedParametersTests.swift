import ChatTemplates
import Foundation
import OrderedJSON
import TestSupport
import Testing

@testable import Requests

/// What would change an answer and is not built: refused by its name, and at its neutral value as good as absent.
@Suite("Parameters that are not supported")
struct UnsupportedParametersTests {
    private func fields(_ text: String) throws -> RequestFields {
        RequestFields(try #require(JSONValue(parsing: text)?.object, "\(text)"))
    }

    private func refusal(_ text: String, _ read: (RequestFields) throws -> Void) throws -> RequestError? {
        let fields = try fields(text)
        do { try read(fields) } catch { return error as? RequestError }
        return nil
    }

    private func options(_ fields: RequestFields) throws { _ = try RequestOptions(fields, seeds: .signed) }

    @Test(
        "Each asks for what does not happen",
        arguments: [
            (#"{"grammar": "root ::= \"a\""}"#, "grammar"), (#"{"json_schema": {"type": "object"}}"#, "json_schema"),
            (#"{"guided_json": {"type": "object"}}"#, "guided_json"), (#"{"guided_regex": "a+"}"#, "guided_regex"),
            (#"{"guided_choice": ["a"]}"#, "guided_choice"), (#"{"guided_grammar": "a"}"#, "guided_grammar"),
            (#"{"structured_outputs": {"regex": "a"}}"#, "structured_outputs"), (#"{"ebnf": "a"}"#, "ebnf"),
            (#"{"response_format": {"type": "json_object"}}"#, "response_format"),
            (#"{"response_format": {"type": "json_schema", "json_schema": {}}}"#, "response_format"),
            (#"{"response_format": "json"}"#, "response_format"), (#"{"suffix": "end"}"#, "suffix"),
            (#"{"best_of": 2}"#, "best_of"), (#"{"n": 2, "best_of": 3}"#, "best_of"),
            (#"{"min_tokens": 5}"#, "min_tokens"), (#"{"stop_token_ids": [2]}"#, "stop_token_ids"),
            (#"{"include_stop_str_in_output": true}"#, "include_stop_str_in_output"), (#"{"mirostat": 2}"#, "mirostat"),
            (#"{"dry_multiplier": 0.8}"#, "dry_multiplier"), (#"{"xtc_probability": 0.5}"#, "xtc_probability"),
            (#"{"typical_p": 0.9}"#, "typical_p"), (#"{"tfs_z": 0.9}"#, "tfs_z"),
            (#"{"top_n_sigma": 1}"#, "top_n_sigma"),
            (#"{"dynatemp_range": 0.5}"#, "dynatemp_range"), (#"{"samplers": ["top_k"]}"#, "samplers"),
            (#"{"use_beam_search": true}"#, "use_beam_search"), (#"{"do_sample": false}"#, "do_sample"),
            (#"{"bad_words": ["x"]}"#, "bad_words"), (#"{"allowed_token_ids": [1]}"#, "allowed_token_ids"),
            (#"{"lora": [{"id": 0, "scale": 1}]}"#, "lora"),
            (#"{"truncate_prompt_tokens": 10}"#, "truncate_prompt_tokens"),
            (#"{"thinking_token_budget": 100}"#, "thinking_token_budget"), (#"{"verbosity": "low"}"#, "verbosity"),
            (#"{"modalities": ["text", "audio"]}"#, "modalities"),
            (#"{"web_search_options": {}}"#, "web_search_options"),
            (#"{"prompt_logprobs": 0}"#, "prompt_logprobs"), (#"{"return_token_ids": true}"#, "return_token_ids"),
            (#"{"skip_special_tokens": false}"#, "skip_special_tokens"),
            (#"{"t_max_predict_ms": 50}"#, "t_max_predict_ms"),
            // Of another kind than their neutral values.
            (#"{"mirostat": "off"}"#, "mirostat"), (#"{"min_tokens": [0]}"#, "min_tokens"),
            (#"{"n": 1, "best_of": "1"}"#, "best_of"),
        ])
    func refused(text: String, name: String) throws {
        let error = try refusal(text, options)
        #expect(error?.param == name && error?.kind == .wrong, "\(text): \(String(describing: error))")
        #expect(error?.description.contains("'\(name)'") == true || name == "response_format")
        #expect(["unsupported_parameter", "invalid_type"].contains(error?.code))
    }

    @Test("At its neutral value each is as good as absent, and so is what changes no answer")
    func neutral() throws {
        let text = #"""
            {"grammar": "", "json_schema": {}, "guided_choice": [], "structured_outputs": null, "suffix": "", "best_of": 1,
            "response_format": {"type": "text"}, "min_tokens": 0, "stop_token_ids": [], "mirostat": 0, "mirostat_tau": 5,
            "dry_multiplier": 0.0, "dry_base": 1.75, "xtc_probability": 0, "xtc_threshold": 0.1, "typical_p": 1,
            "top_n_sigma": -1, "dynatemp_range": 0, "samplers": [], "use_beam_search": false, "do_sample": true,
            "bad_words": [], "lora": [], "verbosity": "medium", "modalities": ["text"], "skip_special_tokens": true,
            "thinking_token_budget": -1, "n_probs": 0, "reasoning_format": "auto", "user": "me", "metadata": {"a": "b"},
            "store": true, "service_tier": "auto", "stream_options": {"include_usage": true}, "prediction": {},
            "parallel_tool_calls": false, "seed": null, "cache_prompt": true, "keep_alive": 5, "logit_bias": {}}
            """#
        var expected = RequestOptions()
        expected.logitBias = [:]
        #expect(try RequestOptions(fields(text), seeds: .signed) == expected)
        #expect(try refusal(#"{"n": 3, "best_of": 3}"#, options) == nil)
    }

    @Test("OpenAI's words for a form that is not supported, which clients look for")
    func form() throws {
        let error = try refusal(#"{"response_format": {"type": "json_schema"}}"#, options)
        #expect(
            error?.description.contains("'response_format' of type 'json_schema' is not supported with this model")
                == true)
    }

    private func conversation(_ fields: RequestFields) throws { _ = try Conversation(fields) }

    @Test(
        "Beside messages, in them, and among the template's variables",
        arguments: [
            (#""tool_choice": "required""#, "tool_choice"), (#""tool_choice": "any""#, "tool_choice"),
            (#""tool_choice": {"type": "function", "function": {"name": "f"}}"#, "tool_choice"),
            (#""tool_choice": 5"#, "tool_choice"), (#""functions": [{"name": "f"}]"#, "functions"),
            (#""function_call": {"name": "f"}"#, "function_call"),
            (#""continue_final_message": "content""#, "continue_final_message"),
            (#""continue_final_message": true, "add_generation_prompt": true"#, "add_generation_prompt"),
            (#""chat_template": "x""#, "chat_template"),
            (
                #""chat_template_kwargs": {"add_generation_prompt": false}"#,
                "chat_template_kwargs.add_generation_prompt"
            ),
            (#""chat_template_kwargs": {"tools": [{}]}"#, "chat_template_kwargs.tools"),
            (
                #""messages": [{"role": "assistant", "content": "a", "prefix": true}, {"role": "user", "content": "a"}]"#,
                "messages[0].prefix"
            ), (#""messages": [{"role": "user", "content": "a", "partial": true}]"#, "messages[0].partial"),
            (#""messages": [{"role": "assistant"}], "continue_final_message": true"#, "messages[0].content"),
            (
                #""messages": [{"role": "user", "content": "a"}, {"role": "assistant", "function_call": {"name": "f"}}]"#,
                "messages[1].function_call"
            ),
        ])
    func conversations(text: String, name: String) throws {
        let messages = text.contains("\"messages\"") ? "" : #""messages": [{"role": "user", "content": "a"}], "#
        let error = try refusal("{\(messages)\(text)}", conversation)
        #expect(error?.param == name, "\(text): \(String(describing: error))")
    }

    @Test("What the model chooses anyway, and what reaches the template")
    func choices() throws {
        func read(_ more: String) throws -> Conversation {
            try Conversation(
                fields(
                    #"{"messages": [{"role": "user", "content": "a", "prefix": false}], "tools": [{"a": 1}], \#(more)}"#
                ))
        }
        #expect(try read(#""tool_choice": "auto", "functions": [], "function_call": "auto""#).tools?.count == 1)
        #expect(try read(#""tool_choice": "none", "add_generation_prompt": true"#).tools == nil)
        #expect(
            try read(#""reasoning_effort": "low""#).variables
                == ["reasoning_effort": .string("low"), "enable_thinking": .bool(true)])
        #expect(try read(#""reasoning_effort": "none""#).variables["enable_thinking"] == .bool(false))
        #expect(
            try read(#""enable_thinking": false, "chat_template_kwargs": {"enable_thinking": true}"#).variables
                == ["enable_thinking": .bool(true)])
    }

    @Test("The article beside the server names each of them")
    func article() throws {
        let path = TestFiles.packageRoot.appendingPathComponent("Sources/Server/Server.docc/RequestParameters.md")
        let text = try String(contentsOf: path, encoding: .utf8)
        let refused = text.components(separatedBy: "\n## Refused\n").last ?? ""
        for table in [UnsupportedParameters.everywhere, .ofBodies, .ofConversations] {
            for name in table.groups.keys { #expect(refused.contains("`\(name)`"), "\(name)") }
        }
    }

    @Test("Where a prompt ends")
    func ends() throws {
        func read(_ more: String, _ message: String = "") throws -> [Bool] {
            let messages = #"[{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"\#(message)}]"#
            let conversation = try Conversation(fields("{\"messages\": \(messages)\(more)}"))
            return [conversation.continuesLastMessage, conversation.addGenerationPrompt]
        }
        #expect(try read("") == [false, true] && read(#", "add_generation_prompt": false"#) == [false, false])
        for more in [#", "add_generation_prompt": false"#, ""] {
            #expect(try read(#", "continue_final_message": true"# + more) == [true, false])
        }
        for name in ["prefix", "partial"] { #expect(try read("", ", \"\(name)\": true") == [true, false]) }
        #expect(try read(#", "continue_final_message": false"#, #", "prefix": false"#) == [false, true])
    }

    @Test("Beside a prompt of text or token ids")
    func texts() throws {
        for (text, name) in [
            (#"{"tools": [{}]}"#, "tools"), (#"{"tool_choice": "required"}"#, "tool_choice"),
            (#"{"messages": []}"#, "messages"), (#"{"add_special_tokens": false}"#, "add_special_tokens"),
            (#"{"chat_template_kwargs": {"a": 1}}"#, "chat_template_kwargs"),
        ] {
            #expect(try refusal(text) { try UnsupportedParameters.ofTexts.check($0) }?.param == name, "\(text)")
        }
        let neutral = #"{"tools": [], "tool_choice": "none", "add_special_tokens": true, "messages": null}"#
        #expect(try refusal(neutral) { try UnsupportedParameters.ofTexts.check($0) } == nil)
    }
}
