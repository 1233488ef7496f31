import Hummingbird
import Requests

/// One HTTP request's generations from their start to the last byte that the client gets.
struct RunningAnswer: Sendable {
    private let generations: [GenerationRequest]
    private let format: any AnswerFormat
    private let answers: OpenAnswers
    private let record: RequestRecord
    private let watch: ConnectionWatch?
    private let timeout: Double
    private let funnel: EventFunnel

    /// - Throws: Where the server has no room, or ends.
    init(
        _ generations: [GenerationRequest], _ format: some AnswerFormat, _ answers: OpenAnswers,
        _ record: RequestRecord, _ watch: ConnectionWatch?, timeout: Double
    ) throws(APIError) {
        self.generations = generations
        self.format = format
        self.answers = answers
        self.record = record
        self.watch = watch
        self.timeout = timeout
        let funnel = try answers.start(generations)
        self.funnel = funnel
        // Also where the client goes before anything could be written, and nobody follows the funnel.
        watch?.onDeparture {
            funnel.interrupt(.disconnected)
            answers.end(funnel, generations.map(\.id))
        } onSilence: {
            funnel.tick()
        }
    }

    /// Waits for the end of all generations.
    func whole() async throws -> Response {
        var collection = ChoiceCollection(generations)
        try await following(&collection) { _, _ in }
        let bytes = format.whole(collection.choices, collection.usage)
        return Response(
            status: .ok, headers: [.contentType: "application/json"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    /// Sends what there is, as soon as it is there: server-sent events.
    func stream() -> Response {
        let headers: HTTPFields = [.contentType: "text/event-stream; charset=utf-8", .cacheControl: "no-store"]
        return Response(
            status: .ok, headers: headers,
            body: ResponseBody { writer in
                defer { record.logStream() }
                do {
                    try await write(to: &writer)
                } catch let error as APIError {
                    record.note(error)
                    try await writer.write(ServerSentEvents.event(JSON.bytes(error.body)))
                }
                try await writer.finish(nil)
            })
    }

    private func write(to writer: inout any ResponseBodyWriter) async throws {
        var collection = ChoiceCollection(generations)
        var format = format
        var opening = ByteBuffer()
        for choice in collection.choices {
            if let bytes = format.opening(choice) { ServerSentEvents.append(bytes, to: &opening) }
        }
        let first = opening
        do {
            if first.readableBytes > 0 { try await writer.write(first) }
        } catch {
            end(collection)
            throw error
        }
        try await following(&collection) { collection, isTick in
            var events = isTick ? ServerSentEvents.comment : ByteBuffer()
            for piece in collection.takePieces() {
                ServerSentEvents.append(format.piece(piece.piece, of: piece.choice), to: &events)
            }
            if collection.isOver {
                if let usage = format.closing(collection.usage) { ServerSentEvents.append(usage, to: &events) }
                events.writeImmutableBuffer(ServerSentEvents.done)
            }
            if events.readableBytes > 0 { try await writer.write(events) }
        }
    }

    /// Takes events until all generations have ended, and calls `onEvents` after each time, or after a tick without any;
    /// whatever happens, nothing of them runs on afterwards.
    private func following(
        _ collection: inout ChoiceCollection, _ onEvents: (inout ChoiceCollection, _ isTick: Bool) async throws -> Void
    ) async throws {
        let timer = Task { await keepTime() }
        defer {
            watch?.forget()
            timer.cancel()
            end(collection)
        }
        while !collection.isOver {
            let items: [EventFunnel.Item]
            do throws(EventFunnel.Interruption) { items = try await funnel.next() } catch {
                throw APIError(error, timeout: timeout)
            }
            for item in items { collection.take(item) }
            if let failure = collection.failure { throw failure }
            try await onEvents(&collection, items.isEmpty)
        }
    }

    private func end(_ collection: ChoiceCollection) {
        record.note(collection)
        answers.end(funnel, collection.open.map(\.id))
    }

    /// A sign of life now and then, for whatever stands between, and the end when the time is over; for a client that
    /// does not read, that of its connection.
    private func keepTime() async {
        let time = answers.time
        let deadline = time.now + .seconds(timeout)
        while time.now < deadline {
            do { try await time.sleep(until: min(time.now + Self.tickTime, deadline)) } catch { return }
            funnel.tick()
        }
        funnel.interrupt(.deadline)
        do { try await time.sleep(until: time.now + Self.lastWordTime) } catch { return }
        watch?.close()
    }

    private static let tickTime = Duration.seconds(15)

    /// How long a client has to read why its answer ended.
    private static let lastWordTime = Duration.seconds(5)
}

extension APIError {
    init(_ interruption: EventFunnel.Interruption, timeout: Double) {
        switch interruption {
        case .disconnected:
            // Nobody reads it but the log; nginx has the number.
            let status = HTTPResponse.Status(code: 499, reasonPhrase: "Client Closed Request")
            self.init(status, "the client has gone", code: "disconnected")
        case .deadline:
            self.init(
                .gatewayTimeout,
                "the answer took longer than \(Int(timeout)) seconds; ask for fewer tokens, or for less at once",
                code: "timeout")
            isHopeless = true
        case .shutdown(let reason):
            self.init(.serviceUnavailable, "the server ends: \(reason)", code: "shutting_down")
        }
    }
}
