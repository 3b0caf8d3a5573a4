import Testing

@testable import vitrine

@Suite struct ByteCountTests {
    @Test(
        "a size is read with and without a suffix",
        arguments: [
            ("0", 0), ("262144", 262_144), ("1KiB", 1_024), ("256 KiB", 262_144), ("16MiB", 16_777_216),
            ("16mib", 16_777_216), ("2GiB", 2_147_483_648), ("0KiB", 0), ("9223372036854775807", Int.max),
        ]
    )
    func good(text: String, bytes: Int) {
        #expect(ByteCount.parse(text) == bytes)
    }

    @Test(
        "what is no size is refused",
        arguments: [
            "", " ", "KiB", "-1", "+1", "1.5MiB", "1MB", "1M", "1  KiB", " 1", "1 ", "0x10", "1_000", "١", "1KiBKiB",
            "9223372036854775808", "9007199254740992KiB", "99999999999GiB",
        ]
    )
    func bad(text: String) {
        #expect(ByteCount.parse(text) == nil)
    }

    @Test(
        "a size is written with the largest suffix that leaves it whole",
        arguments: [
            (0, "0"), (1, "1"), (1_023, "1023"), (1_024, "1KiB"), (1_536, "1536"), (262_144, "256KiB"),
            (1_048_576, "1MiB"), (1_073_741_824, "1GiB"),
        ]
    )
    func written(bytes: Int, text: String) {
        #expect(ByteCount.format(bytes) == text)
        #expect(ByteCount.parse(text) == bytes)
    }
}
