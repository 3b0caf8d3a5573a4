extension Store {
    /// A seed as its column holds it: SQLite's integers have a sign, so those from 2^63 on stand below 0.
    static func column(_ seed: UInt64) -> Int { Int(Int64(bitPattern: seed)) }

    /// The seed that a column holds.
    static func seed(_ column: Int) -> UInt64 { UInt64(bitPattern: Int64(column)) }
}
