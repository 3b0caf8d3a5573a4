import Domain
import NIOCore
import Testing

@testable import REST

struct ListingTextsTests {
    private func entries(_ name: String, count: Int = 1) -> [FileInfo] {
        (0..<count).map { _ in
            FileInfo(name: name, path: "/f/" + name, size: 5, modified: 1, created: 2, isInLibrary: true)
        }
    }

    @Test("A listing is written once, and again when it has another version")
    func versions() {
        let texts = ListingTexts()
        let a = texts.text(of: "/f", 1, entries("a"))
        #expect(a == IIBFileList.text(entries("a")))
        // Of one version there is one text only, so what else comes with it is not read.
        #expect(texts.text(of: "/f", 1, entries("b")) == a)
        let b = texts.text(of: "/f", 2, entries("b"))
        #expect(b == IIBFileList.text(entries("b")) && b != a)
        #expect(texts.text(of: "/f", 2, []) == b)
        #expect(texts.text(of: "/f", nil, entries("c")) == IIBFileList.text(entries("c")))
        #expect(texts.text(of: "/\u{E9}", 3, entries("d")) != texts.text(of: "/e\u{301}", 4, entries("e")))
    }

    @Test("The text of a folder of five thousand files is kept")
    func large() {
        let texts = ListingTexts()
        let text = texts.text(of: "/f", 1, entries(String(repeating: "n", count: 60), count: 5_000))
        #expect(text.readableBytes > 1 << 20)
        #expect(texts.text(of: "/f", 1, []) == text)
    }

    @Test("What is longer than an eighth of the bound is written each time")
    func bound() {
        let texts = ListingTexts(limit: 16_384)
        let long = entries("a", count: 20)
        #expect(texts.text(of: "/f", 1, long) == IIBFileList.text(long))
        #expect(texts.text(of: "/f", 1, []) == IIBFileList.text([]))
    }
}
