import ArgumentParser
import Clusters
import Engine
import Glibc
import Launching
import ModelFiles
import Requests
import Server

struct Serve: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Answer over HTTP, as OpenAI's clients expect, with a page for people.",
        discussion: """
            Rank 0 listens. SIGTERM or SIGINT to it, or SIGUSR1 to mpirun, which passes it on, ends the service when \
            the answers under way are finished; a second one cancels them. What a request asks for that would change an \
            answer and is not built, such as response_format, is refused with 400 and its name.
            """)

    @OptionGroup var job: JobOptions
    @OptionGroup var template: TemplateOptions
    @OptionGroup var serve: ServeOptions

    func run() throws {
        // Before there is any other thread: they inherit it.
        let signals = LauncherRank.isFirst ? try EndSignals(Self.endSignals) : nil
        // Rank 0 decides: for all others.
        if signals == nil { EndSignals.ignore(Self.endSignals) }
        let endRequest = EndRequest()
        signals?.onSignal { _ in
            // Nothing is promised to anyone yet. Ranks end together.
            if LauncherRank.isAlone { _exit(0) }
            endRequest.make()
        }
        let openFiles = OpenFiles.raiseLimit()
        var settings = try serve.settings()
        settings.maxConnections = openFiles.map(OpenFiles.connections)
        var configuration = job.configuration
        configuration.maxSequences = serve.maxSequences
        configuration.endRequest = endRequest
        let mailbox = Mailbox()
        var listening: HTTPService?
        try Job.run(configuration, observer: JobConsole(signals: signals)) {
            let service = try HTTPService(mailbox, settings)
            try service.listen()
            listening = service
        } prepare: { model, rules in
            try served(model, rules)
        } coordinate: { coordinator, served, facts in
            guard let service = listening else { return }
            Console.log("\(FiguresLine.layout(facts))\n")
            service.serve(served, ServedLayout(facts))
            signals?.onSignal { signal in
                if signal.isFromLauncher { service.abandon("it was told to end at once") } else { service.drain() }
            }
            if endRequest.isMade { service.drain() }
            // Where the engine fails, its ranks are about to be ended: clients have a second to hear of it.
            var patience = Duration.seconds(1)
            defer { service.stop(within: patience) }
            try coordinator.serve(mailbox)
            patience = .seconds(10)
        }
    }

    private static let endSignals = [SIGTERM, SIGINT, SIGUSR1]

    private func served(_ model: Model, _ rules: PromptRules) throws -> ServedModel {
        ServedModel(
            name: serve.modelName ?? Self.name(of: job.model), encoder: try template.encoder(for: model),
            text: try TokenText(model),
            rules: rules)
    }

    /// A file's name without its ending.
    private static func name(of path: String) -> String {
        let file = path.split(separator: "/").last.map(String.init) ?? path
        return file.hasSuffix(".gguf") ? String(file.dropLast(5)) : file
    }
}

extension ServedLayout {
    fileprivate init(_ facts: JobFacts) {
        self.init(
            hosts: facts.hosts, partition: facts.partition, threadCount: facts.threadCount,
            instructionSet: facts.instructionSet, weightBytesPerToken: facts.weightBytesPerToken)
    }
}
