import Realtime
import Testing

struct ByteSinkTests {
    /// A sink that has only what it must.
    private struct Minimal: ByteSink {
        var bytes: [UInt8] = []
        mutating func write(_ more: UnsafeRawBufferPointer) { bytes += more }
    }

    @Test("Every sink takes bytes one by one and in runs, in order")
    func order() {
        func fill(_ sink: inout some ByteSink) {
            sink.reserve(4)
            sink.write(byte: 1)
            [UInt8]([2, 3]).withUnsafeBytes { sink.write($0) }
            [UInt8]().withUnsafeBytes { sink.write($0) }
            sink.write(byte: 4)
        }
        var minimal = Minimal()
        fill(&minimal)
        #expect(minimal.bytes == [1, 2, 3, 4])
        var array: [UInt8] = []
        fill(&array)
        #expect(array == [1, 2, 3, 4])
    }
}
