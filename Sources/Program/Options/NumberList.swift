import ArgumentParser

/// Numbers from 1 to 4096 as people list them: 1,2,4.
struct NumberList: ExpressibleByArgument {
    let numbers: [Int]

    init?(argument: String) {
        var numbers: [Int] = []
        for word in argument.split(separator: ",", omittingEmptySubsequences: false) {
            guard let number = Int(word), (1...4096).contains(number) else { return nil }
            if !numbers.contains(number) { numbers.append(number) }
        }
        self.numbers = numbers
    }

    var defaultValueDescription: String { numbers.map(String.init).joined(separator: ",") }
}
