extension [Double] {
    /// The smallest value that `percent` percent of the values do not exceed; for 50 the mean of the middle two. 0 where
    /// there are no values.
    ///
    /// - Parameter percent: 0 to 100.
    public func percentile(_ percent: Int) -> Double {
        guard !isEmpty else { return 0 }
        let ascending = sorted()
        if percent == 50 { return (ascending[(count - 1) / 2] + ascending[count / 2]) / 2 }
        return ascending[Swift.max(0, (percent * count + 99) / 100 - 1)]
    }
}
