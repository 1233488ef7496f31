/// Words in columns.
extension String {
    func padded(to width: Int) -> String { self + String(repeating: " ", count: max(1, width - count)) }
    func padded(left width: Int) -> String { String(repeating: " ", count: max(1, width - count)) + self }
}
