/// Points that differ in ranks and sequences only: they share plots.
struct Facet: Hashable {
    let threads: Int
    let microbatches: Int?

    init(_ point: SweepPoint) {
        threads = point.threads
        microbatches = point.microbatches
    }
}
