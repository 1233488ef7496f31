import Microbatches
import Requests

extension Coordinator {
    /// Does what the mailbox asks for until it is closed: the engine thread's life in a job that takes requests.
    ///
    /// A request that cannot be taken is refused, one that cannot go on fails, and neither ends another. Where the ring fails,
    /// all requests are lost and the failure is thrown.
    public func serve(_ mailbox: Mailbox) throws {
        let service = Service(self, mailbox)
        do {
            try service.run()
        } catch {
            mailbox.shut("the engine failed: \(error)")
            throw error
        }
        mailbox.shut("the engine has ended")
    }
}

/// Knows which generation belongs to which request.
private final class Service {
    private let coordinator: Coordinator
    private let mailbox: Mailbox
    private var generations: [RequestID: SequenceID] = [:]
    private var isClosing = false
    private var reporter = StatusReporter()

    init(_ coordinator: Coordinator, _ mailbox: Mailbox) {
        self.coordinator = coordinator
        self.mailbox = mailbox
    }

    func run() throws {
        while true {
            for message in mailbox.takeMail() { take(message) }
            let works = try coordinator.step(unless: { mailbox.hasMail })
            reporter.publish(coordinator, to: mailbox, rests: !works)
            if works { continue }
            try coordinator.rest()
            if isClosing { return }
            mailbox.waitForMail()
            // Here the engine leaves its sleep; the other stages leave theirs when it submits the first microbatch.
        }
    }

    private func take(_ message: EngineMessage) {
        switch message {
        case .start(let request, let streams, let hashesLogits):
            start(request, streams: streams, hashesLogits: hashesLogits)
        case .cancel(let id):
            if let generation = generations[id] { coordinator.cancel(generation) }
        case .close(let finishing):
            isClosing = true
            if !finishing { for generation in generations.values { coordinator.cancel(generation) } }
        }
    }

    private func start(_ request: GenerationRequest, streams: Bool, hashesLogits: Bool) {
        let id = request.id
        do {
            generations[id] = try coordinator.start(request, hashesLogits: hashesLogits) { [unowned self] event in
                tell(event, of: id, streams: streams)
            }
        } catch {
            mailbox.deliver(.refused("\(error)"), to: id)
        }
    }

    private func tell(_ event: GenerationEvent, of id: RequestID, streams: Bool) {
        switch event {
        case .prompt(let logprobs): mailbox.deliver(.prompt(logprobs), to: id)
        case .token(let token): if streams { mailbox.deliver(.token(token), to: id) }
        case .ended(let result):
            generations[id] = nil
            mailbox.deliver(.ended(result), to: id)
        case .failed(let error):
            generations[id] = nil
            mailbox.deliver(.failed("\(error)"), to: id)
        }
    }
}
