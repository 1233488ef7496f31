import ArgumentParser
import Clusters
import Engine
import Figures
import Kernels
import ModelFiles
import Tensors

struct Quantize: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write a model as one GGUF file, its matrices in fewer bits.",
        discussion: "The model may be a Hugging Face folder or a GGUF file, whole or in parts.")

    @Option(help: "The model to read.")
    var model: String

    @Option(help: "The GGUF file to write.")
    var out: String

    @Option(
        help: """
            What matrices become; Q4_K_M and Q5_K_M keep the most sensitive ones in Q6_K. A matrix whose columns are no \
            whole blocks gets the type that llama.cpp would give it, and inspect shows which. Q2_K, Q3_K, IQ4_NL and \
            IQ4_XS are only read.
            """)
    var type: QuantizationMix

    @Option(help: "Threads; all cores by default.")
    var threads: Int?

    func run() throws {
        guard LauncherRank.isFirst else { return }
        let source = try Model(path: model)
        if let quantized = source.quantizedType, type.type.isQuantized {
            Console.log("note: \(model) is in \(quantized.name) already, whose errors stay; better start from F16\n")
        }
        for note in source.notes { Console.log("note: \(note)\n") }
        let export = try GGUFExport(source, type)
        let team = try ThreadTeam(threadCount: threads ?? HostShare.alone.threadCount)
        let bar = ProgressBar(label: "writing")
        let size = try export.write(to: out) { count, body in
            team.run { worker in worker.share(of: count).forEach(body) }
        } progress: {
            bar.show($0, of: $1)
        }
        bar.finish()
        let bits = (export.bitsPerWeight * 100).rounded() / 100
        Console.print("\(out): \(size.mebibytes), \(bits) bits a weight\n")
    }
}

extension QuantizationMix: ExpressibleByArgument {
    public init?(argument: String) { self.init(named: argument) }
    public static var allValueStrings: [String] { all.map(\.name) }
}

extension Model {
    /// The type of the first layer's matrices, where they are quantized.
    fileprivate var quantizedType: ElementType? {
        layer(0).matrices.lazy.map(\.storedType).first { $0.isQuantized }
    }
}
