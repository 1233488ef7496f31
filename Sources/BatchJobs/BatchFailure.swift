/// A line that could not be taken.
struct BatchFailure: Encodable {
    let id: LineID
    let line: Int
    let error: String
}
