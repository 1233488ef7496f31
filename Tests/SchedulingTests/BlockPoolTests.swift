import Testing

@testable import Scheduling

@Suite("Blocks")
struct BlockPoolTests {
    @Test("Blocks whose contents may be wanted again are used last, the oldest of them first")
    func order() throws {
        var pool = BlockPool(count: 4)
        let blocks = (0..<4).map { _ in pool.take()! }
        #expect(blocks == [0, 1, 2, 3])
        #expect(pool.take() == nil)
        pool.release(2, isWorthKeeping: true)
        pool.release(0, isWorthKeeping: true)
        pool.release(3, isWorthKeeping: false)
        #expect(pool.freeCount == 3)
        #expect([pool.take(), pool.take(), pool.take(), pool.take()] == [3, 2, 0, nil])
    }

    @Test("A block is free when its last holder gives it back, and can be held again where it waits")
    func holders() {
        var pool = BlockPool(count: 2)
        let block = pool.take()!
        pool.hold(block)
        pool.release(block, isWorthKeeping: true)
        #expect(pool.freeCount == 1)
        pool.release(block, isWorthKeeping: true)
        #expect(pool.freeCount == 2)
        pool.hold(block)
        #expect(pool.freeCount == 1)
        #expect(pool.take() == 1)
        #expect(pool.take() == nil)
    }
}
