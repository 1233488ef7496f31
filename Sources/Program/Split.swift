import ArgumentParser
import Engine
import Figures
import FoundationEssentials
import ModelFiles
import Planning

struct Split: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Cut a model into one file for each rank, for machines without shared storage.",
        discussion: """
            The model may be a Hugging Face folder or a GGUF file, whole or in parts; weights stay as they are. \
            Each machine gets its own file, under one path for all; runs then find the partition in it. Machines that have \
            none get their slices from rank 0 anyway: this is for those who would rather copy them by hand.
            """)

    @Option(help: "The model to cut.")
    var model: String

    @Option(help: "The folder for rank-0.gguf, rank-1.gguf and so on.")
    var out: String

    @Option(help: "How many ranks, with as many layers each as can be; plan says what suits your machines better.")
    var ranks: Int?

    @Option(help: "Layers of each rank, such as 9,8,8,5; rank 0 may own none.")
    var partition: String?

    func validate() throws {
        guard (ranks == nil) != (partition == nil) else { throw ValidationError("Give either --ranks or --partition.") }
        if let ranks, ranks < 1 { throw ValidationError("--ranks must be at least 1.") }
    }

    func run() throws {
        guard LauncherRank.isFirst else { return }
        let source = try Model(path: model)
        let layerCount = source.configuration.layerCount
        let cut =
            if let partition {
                try Partition(
                    parsing: partition, ranks: partition.split(separator: ",", omittingEmptySubsequences: false).count,
                    layerCount: layerCount)
            } else {
                try Partition(even: layerCount, ranks: ranks!)
            }
        try FileManager.default.createDirectory(atPath: out, withIntermediateDirectories: true)
        let identity = try source.identity()
        for rank in 0..<cut.rankCount {
            let slice = ModelSlice(
                layers: cut.layers(of: rank), holdsEnds: rank == 0, identity: identity,
                partition: cut.layerCounts)
            let file = try SliceFile(source, slice)
            let path = "\(out)/rank-\(rank).gguf"
            let bar = ProgressBar(label: "rank \(rank)")
            try file.write(to: path) { bar.show($0, of: $1) }
            bar.finish()
            let layers =
                slice.layers.isEmpty
                ? "no layers" : "layers \(slice.layers.lowerBound) to \(slice.layers.upperBound - 1)"
            Console.print(
                "\(path): \(layers)\(rank == 0 ? ", embedding and head" : ""), \(file.byteCount.mebibytes)\n"
            )
        }
    }
}
