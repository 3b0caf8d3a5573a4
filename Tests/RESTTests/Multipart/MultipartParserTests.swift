import Testing

@testable import REST

/// `multipart/form-data` taken apart (RFC 7578; RFC 2046 §5.1).
@Suite struct MultipartParserTests {
    /// A part with all of its content.
    struct Part: Hashable {
        var head: MultipartHead
        var content: [UInt8] = []
        var isWhole = false
    }

    /// Feeds pieces one after the other and gathers the parts; `nil` in place of parts that were cut off.
    static func parts(_ pieces: [ArraySlice<UInt8>], boundary: String = "b-1") throws -> [Part]? {
        var parser = try #require(MultipartParser(boundary: boundary))
        var parts: [Part] = []
        for piece in pieces {
            for event in try parser.feed(piece) {
                switch event {
                case .part(let head): parts.append(Part(head: head))
                case .bytes(let bytes):
                    #expect(!bytes.isEmpty)
                    parts[parts.count - 1].content += bytes
                case .partEnd: parts[parts.count - 1].isWhole = true
                }
            }
        }
        return parser.isWhole ? parts : nil
    }

    static func parts(_ text: String) throws -> [Part]? { try parts([Array(text.utf8)[...]]) }

    static func failure(_ text: String) -> MultipartFailure? {
        do {
            return try parts(text) == nil ? .incomplete : nil
        } catch {
            return error as? MultipartFailure
        }
    }

    static func field(_ name: String, _ content: String) -> String {
        "--b-1\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(content)\r\n"
    }

    /// Content that looks like the beginning of a boundary at every other place.
    static let nasty = "\r\n--b-\r\n--b\r\n-\r\r\n--b-2\r\n\r\n--\r\n--b- 1\r"
    static let body =
        "preamble\r\n" + field("one", "1") + field("empty", "") + field("nasty", nasty)
        + "--b-1 \t\r\nX-Other: y\r\ncontent-disposition: form-data; filename=\"a \\\"b\\\".png\"; name=image\r\n"
        + "Content-Type: image/png\r\n\r\n\u{0}\u{1}\r\n--b-1--\r\nepilogue\r\n--b-1\r\n"
    static let expected = [
        Part(head: MultipartHead(name: "one"), content: Array("1".utf8), isWhole: true),
        Part(head: MultipartHead(name: "empty"), isWhole: true),
        Part(head: MultipartHead(name: "nasty"), content: Array(nasty.utf8), isWhole: true),
        Part(
            head: MultipartHead(name: "image", fileName: "a \"b\".png", contentType: "image/png"),
            content: [0, 1],
            isWhole: true
        ),
    ]

    @Test func `parts come out with their heads and contents`() throws {
        #expect(try Self.parts(Self.body) == Self.expected)
    }

    @Test func `the same parts come out however the bytes are cut into two`() throws {
        let bytes = Array(Self.body.utf8)
        for cut in 0...bytes.count {
            #expect(try Self.parts([bytes[..<cut], bytes[cut...]]) == Self.expected, "cut at \(cut)")
        }
    }

    @Test func `the same parts come out byte by byte, and in pieces of any length`() throws {
        let bytes = Array(Self.body.utf8)
        for length in 1...bytes.count {
            let pieces = stride(from: 0, to: bytes.count, by: length).map { bytes[$0..<min($0 + length, bytes.count)] }
            #expect(try Self.parts(pieces) == Self.expected, "pieces of \(length)")
        }
    }

    @Test func `bodies of chance come out as they went in, cut by chance`() throws {
        var random = SeededGenerator(seed: 20_261_121)
        for round in 0..<300 {
            // Contents of few different bytes, those of boundaries, so that many are nearly one.
            let letters = Array("\r\n-b1x".utf8)
            let contents = (0..<Int.random(in: 0...4, using: &random)).map { _ in
                (0..<Int.random(in: 0...60, using: &random)).map { _ in letters[Int.random(in: 0..<6, using: &random)] }
            }.filter { content in !String(decoding: [13, 10] + content, as: UTF8.self).contains("\r\n--b-1") }
            var bytes: [UInt8] = []
            for content in contents {
                bytes += Array("--b-1\r\nContent-Disposition: form-data; name=f\r\n\r\n".utf8) + content + [13, 10]
            }
            bytes += Array("--b-1--".utf8)
            var pieces: [ArraySlice<UInt8>] = []
            var rest = bytes[...]
            while !rest.isEmpty {
                pieces.append(rest.prefix(Int.random(in: 1...20, using: &random)))
                rest = rest.dropFirst(pieces[pieces.count - 1].count)
            }
            #expect(try Self.parts(pieces)?.map(\.content) == contents, "seed 20261121, round \(round)")
        }
    }

    @Test func `a body without parts is whole, and one that is cut off is not`() throws {
        #expect(try Self.parts("--b-1--") == [])
        let bytes = Array(Self.body.utf8)
        let end = try #require(Self.body.firstRange(of: "\r\n--b-1--"))
        let length = Self.body.utf8.distance(from: Self.body.startIndex, to: end.upperBound)
        for count in 0..<length { #expect(try Self.parts([bytes[..<count]]) == nil, "\(count) bytes") }
        #expect(try Self.parts([bytes[..<length]]) == Self.expected)
    }

    @Test(arguments: [
        "--b-1x\r\n", "--b-1\nx", "--b-1\r\n\r\n", "--b-1\r\nno colon\r\n\r\n",
        "--b-1\r\nContent-Type: text/plain\r\n\r\n", "--b-1\r\nContent-Disposition: form-data\r\n\r\n",
        "--b-1\r\nContent-Disposition: attachment; name=x\r\n\r\n",
        "--b-1\r\nContent-Disposition: form-data; name=x\r\nContent-Disposition: form-data; name=y\r\n\r\n",
        "--b-1\r\nContent-Disposition: form-data; name=\"x\r\n\r\n",
        "--b-1\r\nContent-Disposition: form-data; name=x\u{0}\r\n\r\n",
        "--b-1" + String(repeating: " ", count: 300) + "\r\n",
    ])
    func `what is no form is refused`(body: String) {
        #expect(Self.failure(body) == .malformed)
    }

    @Test func `heads and numbers of parts are bounded, also when they come byte by byte`() throws {
        let long = "--b-1\r\nX: " + String(repeating: "x", count: MultipartParser.headLimit)
        #expect(Self.failure(long) == .headTooLarge)
        #expect(Self.failure(long + "\r\nContent-Disposition: form-data; name=x\r\n\r\n") == .headTooLarge)
        let bytes = Array(long.utf8)
        #expect(throws: MultipartFailure.headTooLarge) { try Self.parts(bytes.indices.map { bytes[$0...$0] }) }
        let many = String(repeating: Self.field("f", ""), count: MultipartParser.partLimit)
        #expect(try Self.parts(many + "--b-1--")?.count == MultipartParser.partLimit)
        #expect(Self.failure(many + Self.field("f", "")) == .tooManyParts)
    }

    @Test(arguments: ["", "x ", "x\r\n", "ä", String(repeating: "x", count: 71)])
    func `what can be no boundary is none`(boundary: String) {
        #expect(MultipartParser(boundary: boundary) == nil)
    }

    @Test func `a boundary may have any of its characters`() throws {
        let boundary = "0'()+_,-./:=? x" + String(repeating: "y", count: 55)
        let text = "--\(boundary)\r\nContent-Disposition: form-data; name=a\r\n\r\nz\r\n--\(boundary)--"
        #expect(try Self.parts([Array(text.utf8)[...]], boundary: boundary)?.map(\.content) == [Array("z".utf8)])
    }
}
