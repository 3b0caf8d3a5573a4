import Testing

@testable import Domain

@Suite struct GenerationInfoTests {
    @Test("Comments are read in both byte orders", arguments: [false, true])
    func commentsAreReadInBothByteOrders(littleEndian: Bool) {
        let info = Pictures.read(Pictures.jpeg(comment: Pictures.unicode("a cat, 猫", littleEndian: littleEndian)))
        #expect(info.text == "a cat, 猫, Source Identifier: Stable Diffusion web UI")
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
