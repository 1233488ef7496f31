import Kernels
import Microbatches
import Tensors

/// How a stage's threads share the attention of a microbatch: a plan for each distance that some of its layers see.
struct AttentionPlans {
    private let plans: [AttentionPlan]
    /// For each layer, which plan is its.
    private let indices: [Int]

    /// - Parameters:
    ///   - windows: for each layer how many positions a row sees; nil: all before it.
    ///   - make: makes the plan of a window.
    init(windows: [Int?], _ make: (Int?) throws(MemoryError) -> AttentionPlan) throws(MemoryError) {
        var different: [Int?] = []
        indices = windows.map { window in
            if let known = different.firstIndex(of: window) { return known }
            different.append(window)
            return different.count - 1
        }
        var plans: [AttentionPlan] = []
        for window in different { plans.append(try make(window)) }
        self.plans = plans
    }

    /// The plan of a layer, counted from the stage's first.
    subscript(layer: Int) -> AttentionPlan { plans[indices[layer]] }

    /// Shares a microbatch.
    func share(_ spans: Spans) {
        for plan in plans { plan.share(spans) }
    }
}
