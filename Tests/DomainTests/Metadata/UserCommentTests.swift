import Testing

@testable import Domain

/// EXIF's UserComment in the codes it may name, and in those that writers use instead.
struct UserCommentTests {
    private func comment(_ bytes: [UInt8], isLittleEndian: Bool = true, type: Int = 7) -> String? {
        var sample = EXIFSample(isLittleEndian: isLittleEndian)
        sample.exif.append((37510, type, bytes.count, bytes))
        let file = MetadataSample.jpeg([(0xE1, Array("Exif\0\0".utf8) + sample.bytes)])
        return MetadataSample.read(file, .jpeg).userComment
    }

    private func utf16(_ text: String, isLittleEndian: Bool) -> [UInt8] {
        text.utf16.flatMap {
            isLittleEndian
                ? [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] : [UInt8($0 >> 8), UInt8(truncatingIfNeeded: $0)]
        }
    }

    @Test(
        "UTF-16 is read in its own byte order, whatever the order of the file",
        arguments: [
            "a cat\nNegative prompt: dog\nSteps: 20, Sampler: Euler a", "кошка, собака, дом у моря",
            "一只猫坐在窗台上，窗外下着雨，远处是山和云", "猫と犬が庭で遊んでいる、夕暮れ", "고양이 한 마리와 강아지", "🐈 cat, 🐕 dog", "x",
        ],
        [(true, true), (true, false), (false, true), (false, false)]
    )
    func unicode(_ text: String, _ orders: (Bool, Bool)) {
        let bytes = Array("UNICODE\0".utf8) + utf16(text, isLittleEndian: orders.0)
        #expect(comment(bytes, isLittleEndian: orders.1) == text)
    }

    @Test("A byte order mark decides", arguments: [true, false])
    func mark(_ isLittleEndian: Bool) {
        // Both orders make letters of these.
        let text = "\u{4E2D}\u{2D4E}"
        let bytes = Array("UNICODE\0".utf8) + utf16("\u{FEFF}" + text, isLittleEndian: isLittleEndian)
        #expect(comment(bytes, isLittleEndian: !isLittleEndian) == text)
    }

    @Test("Where both orders make text, the file's order decides", arguments: [true, false])
    func tie(_ isLittleEndian: Bool) {
        let text = "\u{4E5A}\u{5A4E}"
        let bytes = Array("UNICODE\0".utf8) + utf16(text, isLittleEndian: isLittleEndian)
        #expect(comment(bytes, isLittleEndian: isLittleEndian) == text)
    }

    @Test("ASCII, nothing named, and nothing at all before the text")
    func plain() {
        #expect(comment(Array("ASCII\0\0\0a cat".utf8)) == "a cat")
        #expect(comment(Array("ASCII\0\0\0café".utf8)) == "café")
        #expect(comment(Array("ASCII\0\0\0".utf8) + [0x63, 0xE9]) == "cé")
        #expect(comment([UInt8](repeating: 0, count: 8) + Array("a cat".utf8)) == "a cat")
        #expect(comment(Array("a cat on a mat".utf8)) == "a cat on a mat")
        #expect(comment(utf16("raw cat", isLittleEndian: false)) == "raw cat")
        #expect(comment(Array("{}".utf8)) == "{}")
        #expect(comment(Array("a cat in ASCII\0".utf8), type: 2) == "a cat in ASCII")
    }

    @Test("JIS is decoded")
    func japanese() {
        let text: [UInt8] = [0x1B, 0x24, 0x42, 0x47, 0x2D, 0x1B, 0x28, 0x42, 0x20, 0x63, 0x61, 0x74]
        #expect(comment(Array("JIS\0\0\0\0\0".utf8) + text) == "猫 cat")
        #expect(comment(Array("JIS\0\0\0\0\0plain".utf8)) == "plain")
        #expect(comment(Array("JIS\0\0\0\0\0".utf8) + [0x1B, 0x24]) != nil)
    }

    @Test("Zeros at the end are left out")
    func padding() {
        #expect(comment(Array("ASCII\0\0\0cat\0\0\0\0".utf8)) == "cat")
        #expect(comment(Array("UNICODE\0".utf8) + utf16("cat\0\0", isLittleEndian: true)) == "cat")
    }

    @Test("Blank and empty comments are none")
    func blank() {
        #expect(comment(Array("ASCII\0\0\0   \0\0".utf8)) == nil)
        #expect(comment(Array("ASCII\0\0\0".utf8)) == nil)
        #expect(comment([UInt8](repeating: 0, count: 40)) == nil)
        #expect(comment(Array("UNICODE\0".utf8)) == nil)
        #expect(comment(Array("UNICODE\0a".utf8)) == nil)
        #expect(comment([]) == nil)
        #expect(comment(EXIFSample().number(7, 2), type: 3) == nil)
    }
}
