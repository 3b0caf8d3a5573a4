import Testing

@testable import Domain

struct ContentHashTests {
    @Test(
        "Hashes agree with FIPS 180-4's examples",
        arguments: [
            ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        ]
    )
    func vectors(_ text: String, _ hex: String) throws {
        let hasher = try #require(ContentHasher())
        for _ in 0..<2 {
            let hash = Array(text.utf8).withUnsafeBytes { hasher.hash($0) }
            #expect(hash?.hex == hex)
            #expect(ContentHash(hex: hex.uppercased()) == hash)
            #expect(hash.flatMap { ContentHash(bytes: $0.bytes) } == hash)
        }
    }

    @Test(
        "What is no hash is refused",
        arguments: ["", "ab", String(repeating: "g", count: 64), String(repeating: "é", count: 32)]
    )
    func malformed(_ text: String) {
        #expect(ContentHash(hex: text) == nil)
        #expect(ContentHash(bytes: Array(text.utf8.prefix(31))) == nil)
    }
}
