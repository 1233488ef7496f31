import OrderedJSON
import Requests
import Testing
import Tokenization

/// The fields of requests, as clients and people write them.
@Suite("Request fields")
struct RequestFieldsTests {
    private func fields(_ text: String) throws -> RequestFields {
        RequestFields(try #require(RequestFields.json(Array(text.utf8), of: "the body").object))
    }

    private func error(_ body: () throws(RequestError) -> Void) -> RequestError? {
        do throws(RequestError) { try body() } catch { return error }
        return nil
    }

    @Test("Absent and null are the same, and unknown fields are left alone")
    func absence() throws {
        let fields = try fields(#"{"a": null, "z": {"deep": [1]}, "b": 2}"#)
        #expect(try fields.text("a") == nil && fields.flag("c") == nil && fields.wholeNumber("b") == 2)
        #expect(!fields.has("a") && fields.has("b") && !fields.has("c"))
    }

    @Test("A field of another kind is named, with what it must be")
    func kinds() throws {
        let fields = try fields(
            #"{"text": "x", "flag": true, "whole": 4.0, "half": 1.5, "huge": 1e999, "ids": [1, 2.0], "texts": ["a", "b"]}"#
        )
        #expect(try fields.text("text") == "x" && fields.flag("flag") == true && fields.wholeNumber("whole") == 4)
        #expect(try fields.number("half") == 1.5 && fields.number("whole") == 4 && fields.tokenIDs("ids") == [1, 2])
        #expect(try fields.texts("text") == ["x"] && fields.texts("texts") == ["a", "b"])
        let wrong: [(String, RequestError?)] = [
            ("flag must be a text", error { () throws(RequestError) in _ = try fields.text("flag") }),
            ("whole must be true or false", error { () throws(RequestError) in _ = try fields.flag("whole") }),
            ("half must be a whole number", error { () throws(RequestError) in _ = try fields.wholeNumber("half") }),
            ("huge must be a number", error { () throws(RequestError) in _ = try fields.number("huge") }),
            (
                "texts must be a list of token ids",
                error { () throws(RequestError) in _ = try fields.tokenIDs("texts") }
            ),
            ("ids must be a text or a list of texts", error { () throws(RequestError) in _ = try fields.texts("ids") }),
        ]
        for (sentence, error) in wrong {
            #expect(error?.description == sentence && error?.code == "invalid_type" && error?.kind == .wrong)
            #expect(sentence.hasPrefix(error?.param ?? "-"))
        }
    }

    @Test("Of several names the first that is there counts, and all must be of the right kind")
    func names() throws {
        #expect(try fields(#"{"new": 1, "old": 2}"#).wholeNumber("new", "old") == 1)
        #expect(try fields(#"{"new": null, "old": 2}"#).wholeNumber("new", "old") == 2)
        let fields = try fields(#"{"new": 1, "old": "x"}"#)
        #expect(error { () throws(RequestError) in _ = try fields.wholeNumber("new", "old") }?.param == "old")
    }

    @Test("A byte order mark is no part of the text")
    func byteOrderMark() throws {
        #expect(try RequestFields.json([0xEF, 0xBB, 0xBF] + Array("{}".utf8), of: "it") == .object([:]))
        #expect(
            place("\u{FEFF}{} x")
                == "it is not valid JSON: something follows the value's end at line 1, column 4 (byte 6)")
    }

    private func place(_ text: String, hasLines: Bool = true) -> String? {
        let error = error { () throws(RequestError) in
            _ = try RequestFields.json(Array(text.utf8), of: "it", hasLines: hasLines)
        }
        #expect(error?.code == "invalid_json")
        return error?.description
    }

    @Test("What is no JSON is told with the place, as an editor counts it, and what is missing there")
    func places() {
        #expect(place("") == "it is not valid JSON: the text ends too early at line 1, column 1 (byte 0)")
        #expect(place("{\"a\": 1,}") == "it is not valid JSON: a member's name is missing at line 1, column 9 (byte 8)")
        #expect(
            place("{\"é\": 1\n \"b\": 2}")
                == "it is not valid JSON: ',' or '}' is missing at line 2, column 2 (byte 10)")
        #expect(place("{\"é\" 1}", hasLines: false) == "it is not valid JSON: ':' is missing at column 6 (byte 6)")
        #expect(place("[True]") == "it is not valid JSON: no value begins like this at line 1, column 2 (byte 1)")
    }

    @Test("Every parameter by its names")
    func parameters() throws {
        let options = try RequestOptions(
            fields(
                #"""
                {"max_tokens": 9, "temperature": 0.5, "top_k": -1, "top_p": 1, "min_p": 0.25, "repetition_penalty": 1.5,
                "frequency_penalty": -1, "presence_penalty": 2, "logit_bias": {"7": -100, "8": 0.5}, "seed": 3,
                "stop": "x", "ignore_eos": true}
                """#), seeds: .signed)
        #expect(options.maxTokens == 9 && options.temperature == 0.5 && options.topK == 0 && options.topP == 1)
        #expect(options.minP == 0.25 && options.repeatPenalty == 1.5 && options.frequencyPenalty == -1)
        #expect(options.presencePenalty == 2 && options.logitBias == [7: -100, 8: 0.5] && options.seed == 3)
        #expect(options.stopStrings == ["x"] && options.ignoresEndTokens == true)
        let others = try RequestOptions(
            fields(#"{"max_completion_tokens": 1, "max_tokens": 2, "repeat_penalty": 1.1}"#), seeds: .signed)
        #expect(others.maxTokens == 1 && others.repeatPenalty == 1.1 && others.stopStrings == nil)
        #expect(try RequestOptions(fields("{}"), seeds: .signed) == RequestOptions())
        let more = try RequestOptions(
            fields(
                #"{"n_predict": -1, "rep_pen": 2, "repeat_last_n": 64, "random_seed": 4, "stop_sequences": ["a", "b"]}"#
            ),
            seeds: .signed)
        #expect(more.maxTokens == .max && more.repeatPenalty == 2 && more.parameters.penaltyWindow == 64)
        #expect(more.seed == 4 && more.stopStrings == ["a", "b"])
        for text in ["num_predict", "max_new_tokens", "max_tokens", "max_completion_tokens"] {
            #expect(try RequestOptions(fields("{\"\(text)\": 7}"), seeds: .signed).maxTokens == 7)
        }
        #expect(try RequestOptions(fields(#"{"repeat_last_n": -1}"#), seeds: .signed) == RequestOptions())
    }

    @Test("Biases by id as an object or as pairs; false bans a token")
    func biases() throws {
        func bias(_ text: String) throws -> [TokenID: Double]? {
            try RequestOptions(fields("{\"logit_bias\": \(text)}"), seeds: .signed).logitBias
        }
        #expect(try bias("[[7, -1.5], [8, false]]") == [7: -1.5, 8: -.infinity])
        #expect(try bias(#"{"7": false}"#) == [7: -.infinity] && bias("[]") == [:] && bias("{}") == [:])
        for text in [#"{"x": 1}"#, #"{"1": "a"}"#, "[1]", "[[1]]", #"[["Hello", 1]]"#, "[[1, true]]", "[[1, null]]"] {
            let fields = try fields("{\"logit_bias\": \(text)}")
            let error = error { () throws(RequestError) in _ = try RequestOptions(fields, seeds: .signed) }
            #expect(
                error?.description.hasPrefix("logit_bias must be an object") == true && error?.param == "logit_bias")
        }
    }

    @Test("Seeds have 64 bits, to the last one")
    func seeds() throws {
        func seed(_ text: String, _ seeds: RequestOptions.Seeds) -> UInt64? {
            (try? RequestOptions(fields("{\"seed\": \(text)}"), seeds: seeds))?.seed
        }
        for (text, number) in [("0", 0), ("9007199254740993", 9_007_199_254_740_993), ("18446744073709551615", .max)]
            as [(
                String, UInt64
            )]
        {
            #expect(seed(text, .signed) == number && seed(text, .unsigned) == number, "\(text)")
        }
        #expect(seed("-7", .signed) == UInt64(bitPattern: -7) && seed("-7", .unsigned) == nil)
        // Drawn: four are not the same.
        for seeds in [RequestOptions.Seeds.signed, .unsigned] {
            #expect(Set((0..<4).map { _ in seed("-1", seeds) }).count > 1 && seed("-1", seeds) != .max)
        }
        for text in ["18446744073709551616", "1.5", "\"1\"", "-9223372036854775809"] {
            #expect(seed(text, .signed) == nil, "\(text)")
        }
    }
}
