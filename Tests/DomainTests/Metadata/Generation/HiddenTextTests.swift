import Testing

@testable import Domain

@Suite struct HiddenTextTests {
    /// A picture in whose lowest bits the bytes stand.
    private func picture(_ bytes: [UInt8], colour: Bool = false, width: Int = 101, height: Int = 67) throws -> Pixmap {
        var pixels = [UInt8](repeating: 0xFE, count: 4 * width * height)
        var place = 0
        for byte in bytes {
            for bit in (0..<8).reversed() {
                let pixel = colour ? place / 3 : place
                let channel = colour ? place % 3 : 3
                let index = 4 * ((pixel % height) * width + pixel / height) + channel
                pixels[index] = pixels[index] & 0xFE | byte >> UInt8(bit) & 1
                place += 1
            }
        }
        return try #require(Pixmap(width: width, height: height, pixels: pixels))
    }

    private func bits(_ count: Int) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: (8 * count) >> $0) }
    }

    /// A gzip file of one stored block (RFC 1952, RFC 1951 §3.2.4), whose trailer may lie about the size.
    private func packed(_ text: String, size: Int? = nil) -> [UInt8] {
        let bytes = Array(text.utf8)
        var sum: UInt32 = 0xFFFF_FFFF
        for byte in bytes {
            sum ^= UInt32(byte)
            for _ in 0..<8 { sum = sum & 1 == 1 ? sum >> 1 ^ 0xEDB8_8320 : sum >> 1 }
        }
        func little(_ value: Int, _ count: Int) -> [UInt8] {
            (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
        }
        return [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255, 1] + little(bytes.count, 2) + little(~bytes.count, 2) + bytes
            + little(Int(~sum), 4) + little(size ?? bytes.count, 4)
    }

    @Test("All four forms are read")
    func allFourFormsAreRead() throws {
        let text = "a cat, é"
        let plain = Array(text.utf8)
        let gzip = packed(text)
        for (colour, name) in [(false, "png"), (true, "rgb")] {
            let open = try picture(Array("stealth_\(name)info".utf8) + bits(plain.count) + plain, colour: colour)
            #expect(HiddenText.read(open) == text)
            let small = try picture(Array("stealth_\(name)comp".utf8) + bits(gzip.count) + gzip, colour: colour)
            #expect(HiddenText.read(small) == text)
        }
    }

    @Test("Damage, lies and bombs are no text")
    func damageLiesAndBombsAreNoText() throws {
        let gzip = packed("a cat")
        var broken = gzip
        broken[16] ^= 0xFF
        let greater = packed("a cat", size: 4)
        let bomb = packed("a cat", size: HiddenText.lengthLimit + 1)
        let bodies = [bits(broken.count) + broken, bits(greater.count) + greater, bits(bomb.count) + bomb]
        for body in bodies + [bits(5) + gzip, [], bits(1 << 24), bits(0)] {
            let pixels = try picture(Array("stealth_pngcomp".utf8) + body, width: 300, height: 300)
            #expect(HiddenText.read(pixels) == nil)
        }
        #expect(HiddenText.read(try picture(Array("stealth_pnginfo".utf8) + bits(2) + [0xC3, 0x28])) == nil)
        #expect(HiddenText.read(try picture([], width: 1, height: 1)) == nil)
    }

    @Test("Hidden texts are read only when wanted and nothing else was found")
    func hiddenTextsAreReadOnlyWhenWanted() throws {
        let text = Array("a cat\nSteps: 1, Sampler: s, Seed: 2".utf8)
        let pixels = try picture(Array("stealth_pnginfo".utf8) + bits(text.count) + text)
        let wanted = GenerationOptions(readsHiddenText: true)
        func read(_ metadata: EmbeddedMetadata, _ options: GenerationOptions) -> GenerationInfo {
            GenerationInfo.read(metadata, sidecar: nil, kind: .image, options: options) { pixels }
        }
        #expect(read(Pictures.png([]), wanted).source == "Stable Diffusion web UI(Stealth)")
        #expect(read(Pictures.png([]), wanted).positive == "a cat")
        #expect(read(Pictures.png([]), GenerationOptions()).text.isEmpty)
        #expect(read(Pictures.jpeg(), wanted).text.isEmpty)
        #expect(read(Pictures.png([("prompt", ComfyGraphs.plain)]), wanted).source == "ComfyUI")
        #expect(GenerationInfo.read(Pictures.png([]), sidecar: "x", kind: .image, options: wanted).positive == "x")
    }

    @Test("A library finds hidden texts in its files when it is to", arguments: [true, false])
    func aLibraryFindsHiddenTextsInItsFiles(isWanted: Bool) throws {
        let text = Array("a cat\nSteps: 1, Sampler: s, Seed: 2".utf8)
        let pixels = try picture(Array("stealth_pnginfo".utf8) + bits(text.count) + text)
        let (width, length) = (pixels.width, 4 * pixels.width)
        var rows: [UInt8] = []
        for y in 0..<pixels.height { rows += [0] + pixels.pixels[length * y..<length * (y + 1)] }
        let test = try TestLibrary()
        let file = TestPicture.png(width, pixels.height, depth: 8, colour: 6, rows: rows)
        let path = try test.folder.write(file, "a.png")
        let library = Library(
            store: test.store,
            journal: test.library.journal,
            reading: GenerationOptions(readsHiddenText: isWanted)
        )
        #expect(try FileIntake(library: library).describe(path)?.seed == (isWanted ? 2 : nil))
    }

    @Test("NovelAI hides its entries")
    func novelaiHidesItsEntries() throws {
        let object = #"{"Software": "NovelAI", "Source": "V3", "Comment": "{\"prompt\": \"a cat\", \"seed\": 3}"}"#
        let gzip = packed(object)
        let pixels = try picture(Array("stealth_pngcomp".utf8) + bits(gzip.count) + gzip)
        let info = GenerationInfo.read(
            Pictures.png([]),
            sidecar: nil,
            kind: .image,
            options: GenerationOptions(readsHiddenText: true)
        ) { pixels }
        #expect(info.source == "NovelAI")
        #expect(info.positive == "a cat")
        #expect(info.seed == 3)
    }
}
