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

    @Test("Times that fit no such cost change nothing")
    func nonsense() {
        var cost = CostEstimate()
        for rows in 1...20 { cost.observe(rows: rows, seconds: 1 / Double(rows)) }
        for rows in 1...20 { cost.observe(rows: rows, seconds: 0) }
        #expect(cost.fixedRows == 8)
    }
}
