import Testing

@testable import Planning

@Suite struct PartitionTests {
    @Test func rangesFollowEachOther() throws {
        let partition = try Partition(parsing: "9,8,8,5", ranks: 4, layerCount: 30)
        #expect(partition.layerCounts == [9, 8, 8, 5])
        #expect((0..<4).map { partition.layers(of: $0) } == [0..<9, 9..<17, 17..<25, 25..<30])
        #expect(partition.layerCount == 30)
        #expect(partition.description == "9,8,8,5")
    }

    @Test func rankZeroMayOwnNone() throws {
        let partition = try Partition(parsing: "0,1,1", ranks: 3, layerCount: 2)
        #expect(partition.layers(of: 0) == 0..<0)
        #expect(partition.layers(of: 2) == 1..<2)
    }

    @Test(
        arguments: [
            ("9,8,8", "--partition 9,8,8 is for 3 ranks, but 4 run: give one number of layers per rank"),
            ("30", "--partition 30 is for 1 rank, but 4 run: give one number of layers per rank"),
            ("9,8,8,4", "--partition 9,8,8,4 does not add up to the model's 30 layers"),
            (
                "9223372036854775807,1,9223372036854775807,1",
                "--partition 9223372036854775807,1,9223372036854775807,1 does not add up to the model's 30 layers"
            ),
            ("15,15,0,0", "--partition 15,15,0,0 leaves rank 2 without layers: only rank 0 may own none"),
            ("9,8,8,x", "--partition 9,8,8,x: \"x\" is not a number of layers; write it like 9,8,8,5"),
            ("9,8,8,", "--partition 9,8,8,: \"\" is not a number of layers; write it like 9,8,8,5"),
            ("", "--partition : \"\" is not a number of layers; write it like 9,8,8,5"),
            ("31,-1,0,0", "--partition 31,-1,0,0: \"-1\" is not a number of layers; write it like 9,8,8,5"),
            (
                "99999999999999999999,1,1,1",
                "--partition 99999999999999999999,1,1,1: \"99999999999999999999\" is not a number of layers; write it like 9,8,8,5"
            ),
        ])
    func wrongPartitionsAreRefused(text: String, message: String) {
        let error = #expect(throws: PartitionError.self) { try Partition(parsing: text, ranks: 4, layerCount: 30) }
        #expect(error?.description == message)
    }

    @Test func aPartitionFromElsewhereIsCheckedToo() {
        #expect(throws: PartitionError.notANumber(text: "3,-1", entry: "-1")) {
            try Partition(layerCounts: [3, -1], ranks: 2, layerCount: 2)
        }
    }
}

@Suite struct EvenPartitionTests {
    @Test func layersAreSharedEvenly() throws {
        #expect(try Partition(even: 30, ranks: 4).layerCounts == [8, 8, 7, 7])
        #expect(try Partition(even: 3, ranks: 3).layerCounts == [1, 1, 1])
    }

    @Test(arguments: [0, 31])
    func moreRanksThanLayersAreRefused(ranks: Int) {
        let error = #expect(throws: PartitionError.self) { try Partition(even: 30, ranks: ranks) }
        #expect(error == .tooManyRanks(ranks: ranks, layerCount: 30))
        #expect(
            PartitionError.tooManyRanks(ranks: 31, layerCount: 30).description
                == "31 ranks are too many for a model of 30 layers: run 30 or fewer")
    }
}
