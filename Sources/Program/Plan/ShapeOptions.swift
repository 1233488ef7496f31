import ArgumentParser
import Engine
import ModelFiles
import Planning
import Requests
import Tensors

/// The model of a plan: a file, or only its shape.
struct ShapeOptions: ParsableArguments {
    @Option(help: "The model: a GGUF file, of which only the header is read.")
    var model: String?

    @Option(
        help: """
            Instead of a model its shape: \(ModelShape.knownNames.joined(separator: ", ")), or layers, hidden size, width \
            of the feed-forward network, heads, KV heads, such as 32,4096,14336,32,8.
            """)
    var shape: String?

    @Option(help: "With --shape: the type of the weights. Default: Q4_0.")
    var type: ElementType?

    @Option(help: "With --shape in numbers: the size of the vocabulary.")
    var vocab = 32000

    func validate() throws {
        guard (model == nil) != (shape == nil) else { throw ValidationError("Give either --model or --shape.") }
        if type != nil, model != nil { throw ValidationError("--type goes with --shape.") }
        if !(1...(1 << 24)).contains(vocab) { throw ValidationError("--vocab must be 1 to 16777216.") }
    }

    /// The shape, and the longest context that the model knows.
    func read() throws -> (ModelShape, contextLength: Int) {
        if let model {
            let model = try Model(path: model)
            return (ModelShape(model), model.configuration.contextLength)
        }
        let type = type ?? .q4_0
        let text = shape!
        if let known = ModelShape(known: text, type: type) { return (known, 1 << 24) }
        let numbers = text.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
        guard numbers.count == 5, numbers.allSatisfy({ (1...(1 << 20)).contains($0) }),
            numbers[0] <= 4096, numbers[1] % numbers[3] == 0, numbers[3] % numbers[4] == 0
        else {
            throw EngineError.usage(
                "--shape wants \(ModelShape.knownNames.joined(separator: ", ")) or five numbers such as "
                    + "32,4096,14336,32,8 (KV heads divide the heads, heads the hidden size), and has '\(text.prefix(60))'"
            )
        }
        for columns in [numbers[1], numbers[2]] where columns % type.blockLength != 0 {
            throw EngineError.usage(
                "--shape: rows of \(columns) are no whole blocks of \(type.name); choose another --type")
        }
        let isCoarse = type.isQuantized && type != .q8_0
        let headType: ElementType = isCoarse ? numbers[1] % 256 == 0 ? .q6_K : .q8_0 : type
        return (
            ModelShape(
                name: text, layerCount: numbers[0], hiddenSize: numbers[1], intermediateSize: numbers[2],
                headCount: numbers[3], kvHeadCount: numbers[4], vocabSize: vocab, type: type, headType: headType),
            1 << 24
        )
    }
}
