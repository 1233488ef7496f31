/// What a rank says of others that do not answer.
extension RollCall {
    func complaint(about silent: [Int]) -> String {
        let names = silent.map(name)
        let (shown, more) = (names.prefix(3).joined(separator: " and "), names.count - 3)
        let seconds = Int(timeout.rounded(.up))
        let ranks = more > 0 ? "\(shown) and \(more) more" : shown
        let cause =
            silent.count == 1
            ? "that rank, its machine or the network between has stopped"
            : "those ranks, their machines or the network between have stopped"
        return "no sign of life from \(ranks) for \(seconds) s while \(activity): \(cause)"
            + (haveMet ? "" : advice)
    }

    /// Before ranks have met they may have looked for each other in the wrong network.
    private var advice: String {
        ", or no network that MPI takes leads there (here it takes \(MPINetworks.taken); --interface chooses)"
    }
}
