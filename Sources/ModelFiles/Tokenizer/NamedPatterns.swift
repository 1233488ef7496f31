import Tokenization

/// The patterns that names of pre-tokenizers stand for, where no model's own scanner does the same: as the models' own
/// files and llama.cpp have them, each cutting what the ones before it have left.
enum NamedPatterns {
    /// The patterns of `name`; nil where it has none.
    static func patterns(_ name: String) -> [SplitPattern]? {
        guard let sources = all.first(where: { $0.names.contains(name) })?.sources else { return nil }
        return sources.compactMap { try? SplitPattern($0) }
    }

    /// The name of these patterns.
    static func name(of patterns: [SplitPattern]) -> String? {
        let sources = patterns.map(\.source)
        return all.first { $0.sources == sources }?.names.first
    }

    static let all: [(names: [String], sources: [String])] = [
        (["deepseek-coder"], [#"[\r\n]"#, #"\s?\p{L}+"#, #"\s?\p{P}+"#, "[一-龥ࠀ-一가-퟿]+", #"\p{N}"#]),
        (
            ["deepseek-v3", "hunyuan-dense", "joyai-llm", "hy_v4"],
            [#"\p{N}{1,3}"#, "[一-龥぀-ゟ゠-ヿ]+", deepseekWord + #"+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"#]
        ),
        (
            ["spark2_5"],
            [
                #"\p{N}{1,3}"#, "[一-龥぀-ゟ゠-ヿ]+", deepseekWord + #"+|[\r\n]|\s+(?!\S)|\s+"#, #"\p{N}"#,
            ]
        ),
        (["falcon"], [#"[\p{P}$+<=>^~|`]+"#, gpt2, "[0-9][0-9][0-9]"]),
        (["poro-chat", "bloom", "gpt3-finnish"], [bloom]),
        (["viking"], [bloom, #"\p{N}"#]),
        (
            ["qwen35"],
            [
                contraction + #"|[^\r\n\p{L}\p{N}]?[\p{L}\p{M}]+|\p{N}| ?[^\s\p{L}\p{M}\p{N}]+[\r\n]*|"# + spaces
            ]
        ),
        (
            ["bailingmoe", "bailingmoe2", "llada-moe"],
            [contraction + "|" + word + #"|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]|\s+(?!\S)|\s+"#]
        ),
        (["seed-coder"], [contraction + "|" + word + #"|\p{N}{1}| ?[^\s\p{L}\p{N}\r\n]+|"# + spaces]),
        (["ufakzeka"], [word + #"|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|"# + spaces]),
        (["laguna"], [#"[^\n]+|[\n]+"#, contraction + "|" + word + #"|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|"# + spaces]),
        (
            ["minicpm5"],
            [
                #"\p{N}{1,3}"#,
                contraction + "|" + word + #"|\p{N}+| ?[^\s\p{L}\p{N}]+[\r\n]*|"# + spaces,
            ]
        ),
        (
            ["jais-2"],
            [contraction + "|" + word + #"|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+"# + cascade]
        ),
    ]

    private static let contraction = "(?i:'s|'t|'re|'ve|'m|'ll|'d)"
    private static let word = #"[^\r\n\p{L}\p{N}]?\p{L}+"#
    private static let spaces = #"\s*[\r\n]+|\s+(?!\S)|\s+"#
    private static let gpt2 = #"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)"#
    private static let bloom = #" ?[^(\s|.,!?…。，、।۔،)]+"#
    private static let deepseekWord =
        ##"[!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]"##
    /// Runs of spaces by powers of two.
    private static let cascade =
        [512, 256, 128, 64, 32, 16, 8, 4].map { #"|\s{\#($0)}(?!\S)"# }.joined() + #"|\s{1,2}(?!\S)|\s{1}"#
}
