@testable import Domain

/// Builds TIFF structures with an Exif and a GPS directory.
struct EXIFSample {
    var isLittleEndian = true
    var image: [(tag: Int, type: Int, count: Int, value: [UInt8])] = []
    var exif: [(tag: Int, type: Int, count: Int, value: [UInt8])] = []
    var gps: [(tag: Int, type: Int, count: Int, value: [UInt8])] = []

    func number(_ value: Int, _ size: Int) -> [UInt8] {
        isLittleEndian ? TestPicture.little(value, size) : TestPicture.big(value, size)
    }

    mutating func addText(_ tag: Int, _ text: String) {
        let bytes = Array(text.utf8) + [0]
        image.append((tag, 2, bytes.count, bytes))
    }

    mutating func addShort(_ tag: Int, _ value: Int) { image.append((tag, 3, 1, number(value, 2))) }

    mutating func addRational(_ tag: Int, _ numerator: Int, _ denominator: Int) {
        image.append((tag, 5, 1, number(numerator, 4) + number(denominator, 4)))
    }

    mutating func addComment(_ bytes: [UInt8]) { exif.append((37510, 7, bytes.count, bytes)) }

    /// The whole structure: IFD0, then the others, each followed by its long values.
    var bytes: [UInt8] {
        var result = (isLittleEndian ? [0x49, 0x49] : [0x4D, 0x4D]) + number(42, 2) + number(8, 4)
        let pointers = (exif.isEmpty ? 0 : 1) + (gps.isEmpty ? 0 : 1)
        let afterImage = 8 + length(image, pointers)
        let afterEXIF = afterImage + (exif.isEmpty ? 0 : length(exif, 0))
        var links: [(tag: Int, type: Int, count: Int, value: [UInt8])] = []
        if !exif.isEmpty { links.append((0x8769, 4, 1, number(afterImage, 4))) }
        if !gps.isEmpty { links.append((0x8825, 4, 1, number(afterEXIF, 4))) }
        result += directory(image + links, at: 8)
        if !exif.isEmpty { result += directory(exif, at: afterImage) }
        if !gps.isEmpty { result += directory(gps, at: afterEXIF) }
        return result
    }

    private func length(_ fields: [(tag: Int, type: Int, count: Int, value: [UInt8])], _ more: Int) -> Int {
        6 + 12 * (fields.count + more) + fields.reduce(0) { $0 + ($1.value.count > 4 ? $1.value.count : 0) }
    }

    private func directory(
        _ fields: [(tag: Int, type: Int, count: Int, value: [UInt8])],
        at start: Int
    ) -> [UInt8] {
        var head = number(fields.count, 2)
        var values: [UInt8] = []
        let valuesStart = start + 6 + 12 * fields.count
        for field in fields {
            head += number(field.tag, 2) + number(field.type, 2) + number(field.count, 4)
            if field.value.count > 4 {
                head += number(valuesStart + values.count, 4)
                values += field.value
            } else {
                head += field.value + [UInt8](repeating: 0, count: 4 - field.value.count)
            }
        }
        return head + number(0, 4) + values
    }
}
