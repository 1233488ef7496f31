/// Arrays: an element type, a 64-bit count, then the elements one after the other.
extension GGUFValue {
    private static let arrayHeaderSize = 12

    /// The type of an array's elements.
    public var elementType: GGUFValueType? {
        type == .array ? withBytes { GGUFValueType(rawValue: Self.load(UInt32.self, $0, 0)) } : nil
    }

    /// The number of an array's elements.
    public var elementCount: Int? {
        type == .array ? withBytes { Int(Self.load(UInt64.self, $0, 4)) } : nil
    }

    /// An array of integers of any width.
    public var integers: [Int]? { scalars(Self.integer) }

    /// An array of numbers, rounded to `Float`.
    public var floats: [Float]? { scalars(Self.number)?.map(Float.init) }

    public var bools: [Bool]? {
        guard elementType == .bool else { return nil }
        return withBytes { $0.dropFirst(Self.arrayHeaderSize).map { $0 != 0 } }
    }

    /// An array of strings, each as its bytes.
    public var texts: [[UInt8]]? {
        guard elementType == .string, let count = elementCount else { return nil }
        return withBytes { bytes in
            var texts: [[UInt8]] = []
            texts.reserveCapacity(count)
            var offset = Self.arrayHeaderSize
            for _ in 0..<count {
                let length = Int(Self.load(UInt64.self, bytes, offset))
                texts.append(Array(bytes[offset + 8..<offset + 8 + length]))
                offset += 8 + length
            }
            return texts
        }
    }

    /// An array's elements, each a value of its own: the way into nested arrays.
    public var elements: [GGUFValue]? {
        guard let elementType, let count = elementCount else { return nil }
        return withBytes { bytes in
            var cursor = GGUFCursor(UnsafeRawBufferPointer(rebasing: bytes.dropFirst(Self.arrayHeaderSize)))
            return (0..<count).compactMap { _ in
                guard let range = try? cursor.value(elementType, key: "") else { return nil }
                return GGUFValue(type: elementType, bytes: Array(cursor.bytes[range]))
            }
        }
    }

    private func scalars<T>(_ decode: (GGUFValueType, UnsafeRawBufferPointer, Int) -> T?) -> [T]? {
        guard let elementType, elementType.fixedSize > 0, let count = elementCount else { return nil }
        return withBytes { bytes in
            var values: [T] = []
            values.reserveCapacity(count)
            for index in 0..<count {
                let offset = Self.arrayHeaderSize + index * elementType.fixedSize
                guard let value = decode(elementType, bytes, offset) else { return nil }
                values.append(value)
            }
            return values
        }
    }
}
