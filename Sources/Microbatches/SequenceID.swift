/// Names a sequence for as long as the scheduler lives; later ones have larger numbers.
public typealias SequenceID = Int
