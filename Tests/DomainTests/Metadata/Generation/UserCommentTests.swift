import Testing

@testable import Domain

@Suite struct UserCommentTests {
    private func decoded(_ bytes: [UInt8], littleEndian: Bool = false) -> String {
        UserComment.decoded(bytes, isLittleEndian: littleEndian)
    }

    @Test(
        "UTF-16 is read in both byte orders, whatever that of the file",
        arguments: ["a cat, Steps: 20", "猫と犬, cat", "🐈 a", "é"],
        [false, true]
    )
    func utf16IsReadInBothByte(text: String, littleEndian: Bool) {
        for mark in [false, true] {
            for file in [false, true] where mark || text.utf8.contains(UInt8(ascii: "a")) || file == littleEndian {
                let bytes = Pictures.unicode(text, littleEndian: littleEndian, mark: mark)
                #expect(decoded(bytes, littleEndian: file) == text)
                #expect(decoded(bytes + [0, 0], littleEndian: file) == text)
                #expect(decoded(bytes + [7], littleEndian: file) == text)
            }
        }
    }

    @Test("ASCII, raw and wrongly named texts are read as well")
    func asciiRawAndWronglyNamedTextsAre() {
        #expect(decoded(Array("ASCII\0\0\0a cat\0\0".utf8)) == "a cat")
        #expect(decoded([0, 0, 0, 0, 0, 0, 0, 0] + Array("a cat".utf8)) == "a cat")
        #expect(decoded(Array("a cat, é".utf8)) == "a cat, é")
        #expect(decoded([0x63, 0xE9]) == "cé")
        #expect(decoded(Array("UNICODE\0a cat".utf8)) == "a cat")
        #expect(decoded([]).isEmpty)
        #expect(decoded(Array("UNICODE\0".utf8)).isEmpty)
    }

    @Test("A lone surrogate does no harm")
    func aLoneSurrogateDoesNoHarm() {
        #expect(decoded(Array("UNICODE\0".utf8) + [0xD8, 0x00, 0x00, 0x61]) == "\u{FFFD}a")
    }

    @Test("The comment wins over the entry, and blanks are no comment")
    func theCommentWinsOverTheEntryAnd() {
        var metadata = Pictures.jpeg(comment: Pictures.unicode("from the comment"))
        metadata.texts = [.init(key: "parameters", text: "from the entry")]
        #expect(Pictures.read(metadata).text == "from the comment, Source Identifier: Stable Diffusion web UI")
        metadata.exif[0].value = .bytes(Array("ASCII\0\0\0  \0".utf8))
        #expect(Pictures.read(metadata).positive == "from the entry")
        metadata.exif[0].value = .integers([7])
        #expect(Pictures.read(metadata).positive == "from the entry")
        metadata.exif[0].value = .text("as text")
        #expect(Pictures.read(metadata).positive == "as text")
    }

    @Test("A side-car speaks when the picture does not")
    func aSideCarSpeaksWhenThePicture() {
        #expect(
            Pictures.read(Pictures.png([]), sidecar: "a caption\n").text
                == "a caption, Source Identifier: Stable Diffusion web UI"
        )
        #expect(Pictures.read(Pictures.png([("parameters", "own")]), sidecar: "other").positive == "own")
        #expect(Pictures.read(Pictures.png([("parameters", " ")]), sidecar: " \n").text.isEmpty)
        #expect(Pictures.read(Pictures.png([])) == GenerationInfo())
    }
}
