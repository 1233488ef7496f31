import Testing

@testable import Scheduling

@Suite("Cost of a microbatch")
struct CostEstimateTests {
    @Test("The fixed part is found from microbatches of different sizes, and kept when all are of one size")
    func fit() {
        var cost = CostEstimate()
        #expect(cost.fixedRows == 8)
        for rows in [1, 30, 2, 17, 40] { cost.observe(rows: rows, seconds: 0.024 + 0.002 * Double(rows)) }
        #expect(abs(cost.fixedRows - 12) < 1e-6)
        for _ in 0..<1000 { cost.observe(rows: 4, seconds: 0.032) }
        #expect(abs(cost.fixedRows - 12) < 1)
    }

    @Test("The cost of the positions that rows see is found where it differs by itself; a budget is kept")
    func positions() {
        var cost = CostEstimate()
        for rows in [1, 30, 2, 17, 40, 8] {
            let seen = rows * (rows * 37 % 11) * 50
            cost.observe(rows: rows, seeing: seen, seconds: 0.024 + 0.002 * Double(rows) + 4e-6 * Double(seen))
        }
        #expect(abs(cost.fixedRows - 12) < 1e-6)
        #expect(abs(cost.rowsPerPosition - 0.002) < 1e-9)
        for first in [0, 100, 4000] {
            for budget in [0.5, 7, 100] {
                let count = cost.count(within: budget, from: first)
                #expect(cost.cost(ofRows: count, from: first) <= budget)
                #expect(cost.cost(ofRows: count + 1, from: first) > budget)
            }
        }
    }

    @Test("Rows stand for the positions too where both differ only together")
    func together() {
        var cost = CostEstimate()
        for rows in [1, 30, 2, 17, 40] {
            cost.observe(rows: rows, seeing: 10 * rows, seconds: 0.024 + 0.002 * Double(rows))
        }
        #expect(abs(cost.fixedRows - 12) < 1e-6 && cost.rowsPerPosition == 0)
    }

    @Test("Times that fit no such cost change nothing")
    func nonsense() {
        var cost = CostEstimate()
        for rows in 1...20 { cost.observe(rows: rows, seconds: 1 / Double(rows)) }
        for rows in 1...20 { cost.observe(rows: rows, seconds: 0) }
        #expect(cost.fixedRows == 8)
    }
}
