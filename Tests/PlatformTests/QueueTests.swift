import Platform
import Testing

@Suite struct QueueTests {
    @Test func whatCameFirstGoesFirst() {
        let queue = BlockingQueue<Int>()
        #expect(queue.isEmpty && queue.takeAll().isEmpty)
        for number in 1...5 { queue.append(number) }
        #expect(queue.removeFirst() == 1)
        #expect(queue.takeAll() == [2, 3, 4, 5])
        #expect(queue.isEmpty)
    }

    @Test func anotherThreadIsWaitedFor() throws {
        let (queue, answers) = (BlockingQueue<Int>(), BlockingQueue<Int>())
        let thread = try BackgroundThread {
            var sum = 0
            while case let number = queue.removeFirst(), number > 0 {
                sum += number
                answers.append(sum)
            }
        }
        for number in [1, 2, 3] { queue.append(number) }
        #expect([answers.removeFirst(), answers.removeFirst(), answers.removeFirst()] == [1, 3, 6])
        queue.append(0)
        thread.join()
        #expect(answers.isEmpty)
    }

    @Test func queuesTakeWhatCannotBeCopied() {
        struct Message: ~Copyable { let number: Int }
        let queue = BlockingQueue<Message>()
        queue.append(Message(number: 7))
        let message = queue.removeFirst()
        #expect(message.number == 7)
    }

    @Test func whoFindsNoPlaceWaitsForOne() throws {
        let (places, begun) = (CountingSemaphore(1), CountingSemaphore(0))
        places.wait()
        let thread = try BackgroundThread {
            begun.signal()
            places.wait()
            begun.signal()
        }
        begun.wait()
        places.signal()
        begun.wait()
        thread.join()
    }
}
