/// A row of the index, read column by column (``MediaReading/Column``).
protocol MediaRow {
    /// An integer column; 0 for NULL.
    func int(_ column: Int32) -> Int
    /// A real column; 0 for NULL.
    func double(_ column: Int32) -> Double
    func isNull(_ column: Int32) -> Bool
    /// The bytes of a text column, for as long as the row is stood at; empty for NULL.
    func bytes(_ column: Int32) -> UnsafeRawBufferPointer
}

extension MediaStatement: MediaRow {}
