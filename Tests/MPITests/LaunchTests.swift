import Testing

@testable import MPI

/// What the environment says of the launch, without MPI.
struct LaunchTests {
    private func parse(_ variables: [String: String]) -> Launch? { Launch { variables[$0] } }

    @Test func aProcessStartedAloneIsNotLaunched() {
        #expect(parse([:]) == nil)
        #expect(parse(["SLURM_NTASKS": "4", "SLURM_PROCID": "0"]) == nil, "a shell inside salloc is not launched")
        #expect(parse(["OMPI_COMM_WORLD_SIZE": "many", "OMPI_COMM_WORLD_RANK": "0"]) == nil)
    }

    @Test func mpirun() throws {
        let launch = try #require(
            parse([
                "OMPI_COMM_WORLD_SIZE": "4", "OMPI_COMM_WORLD_RANK": "3", "OMPI_COMM_WORLD_LOCAL_RANK": "1",
                "OMPI_COMM_WORLD_LOCAL_SIZE": "2", "PMIX_RANK": "3",
            ]))
        #expect(launch.rank == 3 && launch.size == 4 && launch.localRank == 1 && launch.localSize == 2)
    }

    @Test func srun() throws {
        let launch = try #require(
            parse([
                "PMIX_RANK": "5", "SLURM_STEP_NUM_TASKS": "7", "SLURM_NODEID": "2", "SLURM_LOCALID": "1",
                "SLURM_STEP_TASKS_PER_NODE": "2(x3),1",
            ]))
        #expect(launch.rank == 5 && launch.size == 7 && launch.localRank == 1 && launch.localSize == 2)
    }

    /// MPICH's and Intel MPI's; beside Slurm's where it runs inside of a job.
    @Test func hydra() throws {
        var variables = [
            "PMI_RANK": "3", "PMI_SIZE": "4", "PMI_FD": "9", "MPI_LOCALRANKID": "1", "MPI_LOCALNRANKS": "2",
        ]
        let launch = try #require(parse(variables))
        #expect(launch.rank == 3 && launch.size == 4 && launch.localRank == 1 && launch.localSize == 2)
        #expect(launch.starter == .hydra)
        variables.merge(["SLURM_STEP_NUM_TASKS": "2", "SLURM_LOCALID": "0"]) { $1 }
        #expect(parse(variables) == launch)
    }

    @Test func srunWithPMI2() throws {
        let launch = try #require(
            parse([
                "PMI_RANK": "5", "PMI_SIZE": "7", "PMI_FD": "9", "SLURM_STEP_NUM_TASKS": "7", "SLURM_NODEID": "2",
                "SLURM_LOCALID": "1", "SLURM_STEP_TASKS_PER_NODE": "2(x3),1",
            ]))
        #expect(launch.rank == 5 && launch.size == 7 && launch.localRank == 1 && launch.localSize == 2)
        #expect(launch.starter == .srunPMI)
    }

    /// mpirun starts its daemons by srun, whose variables the ranks then have too.
    @Test func theNearestLauncherCounts() throws {
        let launch = try #require(
            parse([
                "OMPI_COMM_WORLD_SIZE": "4", "OMPI_COMM_WORLD_RANK": "3", "PMIX_RANK": "3", "PMI_RANK": "0",
                "PMI_SIZE": "2", "SLURM_STEP_NUM_TASKS": "2",
            ]))
        #expect(launch.rank == 3 && launch.size == 4 && launch.starter == .mpirun)
    }

    @Test func tasksWithoutPMIxAreStrangers() {
        func strangers(_ variables: [String: String]) -> Int? { Launch.strangers { variables[$0] } }
        #expect(strangers(["SLURM_STEP_NUM_TASKS": "4", "SLURM_PROCID": "0"]) == 4)
        #expect(strangers(["SLURM_STEP_NUM_TASKS": "4", "PMIX_RANK": "0"]) == nil)
        #expect(strangers(["SLURM_STEP_NUM_TASKS": "4", "PMI_RANK": "0", "PMI_SIZE": "4"]) == nil)
        #expect(strangers(["SLURM_STEP_NUM_TASKS": "1"]) == nil)
        #expect(strangers(["SLURM_NTASKS": "4"]) == nil, "sbatch's script is no task")
    }

    @Test func aLauncherThatSaysLittleIsEnough() throws {
        let launch = try #require(parse(["PMIX_RANK": "0"]))
        #expect(launch.size == 1 && launch.localRank == 0 && launch.localSize == nil)
    }

    @Test(arguments: [
        ("4", [4]), ("2(x3),1", [2, 2, 2, 1]), ("1(x2),3(x1)", [1, 1, 3]), ("", nil), ("x", nil), ("2(x", nil),
        ("2(x-1)", nil), ("2(x99999999)", nil), ("2(x1)(x1)", nil),
    ])
    func tasksPerNode(_ text: String, _ tasks: [Int]?) { #expect(SlurmTask.expand(text) == tasks) }
}
