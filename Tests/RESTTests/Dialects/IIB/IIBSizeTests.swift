import Foundation
import Testing

@testable import REST

@Suite struct IIBSizeTests {
    /// What the server that the dialect comes from writes.
    @Test(
        arguments: [
            (0, "0B"), (1, "1.00 B"), (512, "512.00 B"), (1_023, "1023.00 B"), (1_024, "1.00 KB"),
            (326_625, "318.97 KB"), (1_048_575, "1024.00 KB"), (1_048_576, "1.00 MB"), (5_242_880, "5.00 MB"),
            (1_536, "1.50 KB"), (1 << 30, "1.00 GB"), (1 << 40, "1.00 TB"), (1 << 50, "1.00 PB"),
            (Int.max, "8.00 EB"), (-1, "0B"),
        ]
    )
    func `a size has two decimals and the greatest fitting unit`(bytes: Int, text: String) {
        #expect(IIBSize.text(bytes) == text)
    }

    @Test func `a tie goes to the even hundredth, as Python formats`() {
        // 1.125, 1.375 and 1.625 of a kilobyte are exact in binary.
        #expect(IIBSize.text(1_152) == "1.12 KB")
        #expect(IIBSize.text(1_408) == "1.38 KB")
        #expect(IIBSize.text(1_664) == "1.62 KB")
    }

    @Test func `any size is written as the exact quotient is`() {
        let seed = UInt64.random(in: .min ... .max)
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<20_000 {
            // Below 2^53, so that the quotient by a power of two is exact.
            let bytes = Int.random(in: 1..<(1 << Int.random(in: 1...52, using: &generator)), using: &generator)
            var quotient = Double(bytes)
            var unit = 0
            while quotient >= 1_024 {
                quotient /= 1_024
                unit += 1
            }
            let wanted = String(format: "%.2f", quotient) + " " + ["B", "KB", "MB", "GB", "TB", "PB"][unit]
            #expect(IIBSize.text(bytes) == wanted, "seed \(seed), \(bytes) bytes")
        }
    }
}
