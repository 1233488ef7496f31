import ArgumentParser
import Engine
import ModelFiles
import Tensors

struct Synth: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write a Llama-shaped model with random weights, for runs of speed and scale.")

    @Option(help: "The GGUF file or, with --format huggingface, the folder to write.")
    var out: String

    @Option(help: "What to write: gguf, or huggingface for a folder with config.json, safetensors and tokenizer.model.")
    var format = Format.gguf

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case gguf, huggingface
    }

    @Option(help: "Decoder layers.")
    var layers: Int

    @Option(help: "Width of the hidden states.")
    var hidden: Int

    @Option(help: "Width of the feed-forward network.")
    var ffn: Int

    @Option(help: "Attention heads.")
    var heads: Int

    @Option(name: .customLong("kv-heads"), help: "Heads of keys and values; as many as --heads by default.")
    var kvHeads: Int?

    @Option(
        help: """
            Quantization of the matrices, Q4_0 by default and F16 in a folder; a matrix whose columns are no whole blocks of \
            it gets the type that llama.cpp would give it, and inspect shows which.
            """)
    var type: ElementType?

    @Option(name: .customLong("vocab-from"), help: "A GGUF file whose tokenizer the model gets.")
    var vocabFrom: String?

    @Option(help: "Tokens of a vocabulary without texts, in place of --vocab-from.")
    var vocabSize: Int?

    @Option(help: "The longest context that the model declares.")
    var context = 4096

    @Flag(help: "Leave the weights out: a hole takes their place in the file, enough for inspect, plan and --emulate.")
    var hollow = false

    @Option(help: "The seed of the random weights.")
    var seed: UInt64 = 1

    func validate() throws {
        guard (vocabFrom == nil) != (vocabSize == nil) else {
            throw ValidationError("Give the vocabulary by one of --vocab-from and --vocab-size.")
        }
    }

    func run() throws {
        guard LauncherRank.isFirst else { return }
        let bar = ProgressBar(label: "writing")
        var model = SyntheticModel(
            layerCount: layers, hiddenSize: hidden, intermediateSize: ffn, headCount: heads,
            kvHeadCount: kvHeads ?? heads, type: type ?? (format == .gguf ? .q4_0 : .f16))
        model.contextLength = context
        model.seed = seed
        let vocabulary: SyntheticModel.Vocabulary =
            if let vocabFrom { try .from(GGUFFile(path: vocabFrom)) } else { .none(size: vocabSize!) }
        switch format {
        case .gguf where hollow: try model.writeHollow(to: out, vocabulary: vocabulary)
        case .gguf: try model.write(to: out, vocabulary: vocabulary) { bar.show($0, of: $1) }
        case .huggingface: try model.write(folder: out, vocabulary: vocabulary) { bar.show($0, of: $1) }
        }
        bar.finish()
        Console.print("\(out)\n")
    }
}

extension ElementType: ExpressibleByArgument {
    public init?(argument: String) { self.init(named: argument) }
    public static var allValueStrings: [String] { allCases.map(\.name) }
}
