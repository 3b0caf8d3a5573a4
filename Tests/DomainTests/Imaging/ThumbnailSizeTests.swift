import Testing

@testable import Domain

struct ThumbnailSizeTests {
    @Test(
        "Width and height are read",
        arguments: [("256x256", 256, 256), ("1x4096", 1, 4096), ("0512x0384", 512, 384)]
    )
    func read(_ text: String, _ width: Int, _ height: Int) throws {
        let size = try #require(ThumbnailSize(text))
        #expect([size.width, size.height] == [width, height])
        #expect(size.description == "\(width)x\(height)")
    }

    @Test(
        "Anything else is no size",
        arguments: [
            "", "256", "x", "256x", "x256", "256X256", "256x256x256", "0x256", "256x0", "4097x256", "256x4097", "-1x5",
            "+1x5", "1.5x2", " 256x256", "256x256 ", "99999999999999999999x1", "１x１", "256×256", "../x1",
        ]
    )
    func refuse(_ text: String) {
        #expect(ThumbnailSize(text) == nil)
    }

    @Test(
        "A picture fits inside in its own proportions, is never enlarged, and keeps at least a pixel",
        arguments: [
            (600, 300, 256, 256, 256, 128), (300, 600, 256, 256, 128, 256), (100, 50, 256, 256, 100, 50),
            (1000, 1000, 512, 64, 64, 64), (1000, 100, 512, 64, 512, 51), (90_000, 1, 256, 256, 256, 1),
            (256, 256, 256, 256, 256, 256), (100, 300, 200, 150, 50, 150),
        ]
    )
    func fit(_ width: Int, _ height: Int, _ boxWidth: Int, _ boxHeight: Int, _ newWidth: Int, _ newHeight: Int) throws {
        let box = try #require(ThumbnailSize(width: boxWidth, height: boxHeight))
        let fitted = box.fit(width: width, height: height)
        #expect([fitted.width, fitted.height] == [newWidth, newHeight])
    }

    @Test("A box counts for the picture as it is seen")
    func turned() throws {
        let file = try TestPicture.jpeg(600, 300, orientation: 6)
        let box = try #require(ThumbnailSize(width: 100, height: 512))
        let picture = try PictureDecoder.decode(file, size: box)
        #expect([picture.width, picture.height] == [100, 200])
    }
}
