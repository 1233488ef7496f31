import Foundation
import Requests
import Sampling
import Synchronization
import Testing

/// The mailbox alone; with an engine behind it EngineTests look at it.
@Suite("The mailbox alone")
struct MailboxTests {
    private final class Events: Sendable {
        private let all = Mutex<[EngineEvent]>([])
        func add(_ event: EngineEvent) { all.withLock { $0.append(event) } }
        var words: [String] {
            all.withLock { $0 }.map { event in
                switch event {
                case .prompt: "prompt"
                case .token(let token): token.text
                case .ended: "ended"
                case .refused: "refused"
                case .failed: "failed"
                case .lost(let reason): reason
                }
            }
        }
    }

    private let request = RequestOptions().request(for: [1])

    private var result: GenerationResult {
        GenerationResult(promptIDs: [1], ids: [2], text: "b", stopReason: .stop, seed: 0)
    }

    @Test("Messages come in order; events reach their request until its last one")
    func delivery() {
        let (mailbox, events) = (Mailbox(), Events())
        #expect(!mailbox.hasMail && mailbox.openCount == 0)
        mailbox.start(request, streams: true, onEvent: events.add)
        mailbox.cancel(request.id)
        mailbox.close(finishing: true)
        #expect(mailbox.hasMail && mailbox.openCount == 1)
        let mail = mailbox.takeMail()
        guard mail.count == 3, case .start(let started, true, false) = mail[0], case .cancel(request.id) = mail[1],
            case .close(finishing: true) = mail[2]
        else {
            Issue.record("\(mail)")
            return
        }
        #expect(started.id == request.id && !mailbox.hasMail)
        mailbox.deliver(.token(SampledToken(id: 2, text: "b")), to: request.id)
        mailbox.deliver(.ended(result), to: request.id)
        mailbox.deliver(.token(SampledToken(id: 3, text: "late")), to: request.id)
        mailbox.deliver(.ended(result), to: RequestID())
        #expect(events.words == ["b", "ended"] && mailbox.openCount == 0)
    }

    @Test("A name that is taken is refused, and the request that has it goes on")
    func sameName() {
        let (mailbox, first, second) = (Mailbox(), Events(), Events())
        mailbox.start(request, onEvent: first.add)
        mailbox.start(request, onEvent: second.add)
        #expect(second.words == ["refused"] && mailbox.takeMail().count == 1)
        mailbox.deliver(.ended(result), to: request.id)
        #expect(first.words == ["ended"])
        // Its answers are requests of their own.
        var other = request
        other.id = request.id.answer(1)
        #expect(other.id != request.id && other.id.description == request.id.description)
    }

    @Test("Whoever comes after the end is told at once, and who waits is told once")
    func end() {
        let (mailbox, first, second) = (Mailbox(), Events(), Events())
        mailbox.start(request, onEvent: first.add)
        mailbox.close(finishing: false)
        mailbox.start(RequestOptions().request(for: [1]), onEvent: second.add)
        #expect(second.words == ["the engine is closing"] && first.words.isEmpty)
        mailbox.shut("a rank is gone")
        mailbox.shut("again")
        #expect(first.words == ["a rank is gone"] && mailbox.openCount == 0)
    }

    @Test("Messages and events survive JSON")
    func codable() throws {
        var request = request
        request.seed = .max
        request.logprobs = LogprobsRequest(likeliest: 2, includesPrompt: true)
        request.parameters.logitBias = [5: -1]
        let message = EngineMessage.start(request, streams: true, hashesLogits: false)
        let copy = try JSONDecoder().decode(EngineMessage.self, from: JSONEncoder().encode(message))
        guard case .start(let read, true, false) = copy else { throw CocoaError(.coderInvalidValue) }
        #expect(read.id == request.id && read.promptIDs == [1] && read.seed == .max && read.maxTokens == .max)
        #expect(read.parameters == request.parameters && read.logprobs?.includesPrompt == true)
        let event = EngineEvent.refused("no")
        guard case .refused("no") = try JSONDecoder().decode(EngineEvent.self, from: JSONEncoder().encode(event)) else {
            throw CocoaError(.coderInvalidValue)
        }
    }
}
