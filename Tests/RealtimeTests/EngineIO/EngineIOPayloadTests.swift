import Testing

@testable import Realtime

struct EngineIOPayloadTests {
    private func decode(_ text: String, _ form: EngineIOPayload.Form) -> [EngineIOPacket]? {
        try? EngineIOPayload.decode(Array(text.utf8), form)
    }

    private func encode(_ packets: [EngineIOPacket], _ form: EngineIOPayload.Form) -> [UInt8] {
        EngineIOPayload.encode(packets.map(\.text), form)
    }

    @Test("version 4 puts the record separator between packets, and nowhere else")
    func version4() {
        let packets: [EngineIOPacket] = [.message("hello"), .ping(""), .binary([1, 2, 3, 4])]
        let text = "4hello\u{1E}2\u{1E}bAQIDBA=="
        #expect(decode(text, .v4) == packets)
        #expect(encode(packets, .v4) == Array(text.utf8))
        for text in ["", "\u{1E}", "4a\u{1E}", "\u{1E}4a", "4a\u{1E}\u{1E}4b", "4a\u{1E}x"] {
            #expect(decode(text, .v4) == nil, "\(text)")
        }
    }

    @Test("version 3 counts UTF-16 units in text bodies")
    func version3Text() {
        let packets: [EngineIOPacket] = [.message("é€"), .message("😀😀"), .close, .binary([1, 2, 3, 4])]
        let text = "3:4é€5:4😀😀1:110:b4AQIDBA=="
        #expect(decode(text, .v3Text) == packets)
        #expect(encode(packets, .v3Text) == Array(text.utf8))
    }

    @Test(
        "a text body with a wrong length is refused",
        arguments: [
            "", ":", "4hello", "6:4hell", "0:", "x:4", "-1:4", "1:", "12345678901:4", "2:4😀", "6:4hello3", "+1:4",
            "1 :4", "1:44",
        ]
    )
    func version3Lengths(text: String) {
        #expect(decode(text, .v3Text) == nil)
    }

    @Test("version 3 counts bytes in binary bodies, digit by digit")
    func version3Binary() {
        let packets: [EngineIOPacket] = [.message("hello"), .binary([1, 2, 3, 4])]
        let body: [UInt8] = [0, 6, 255, 52, 104, 101, 108, 108, 111, 1, 5, 255, 4, 1, 2, 3, 4]
        #expect((try? EngineIOPayload.decode(body, .v3Binary)) == packets)
        #expect(encode(packets, .v3Binary) == body)
        let long = EngineIOPacket.message(String(repeating: "€", count: 100))
        #expect(encode([long], .v3Binary).prefix(5) == [0, 3, 0, 1, 255])
    }

    @Test(
        "a binary body that lies about itself is refused",
        arguments: [
            [], [0], [0, 1], [0, 255], [0, 1, 255], [2, 1, 255, 49], [0, 2, 255, 49], [0, 10, 255, 49],
            [1, 1, 255, 52],
            [0, 1, 255, 49, 0], [1, 0, 255], [0, 0, 255], [0, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 255, 49],
        ] as [[UInt8]]
    )
    func version3BinaryLies(body: [UInt8]) {
        #expect(throws: EngineIOPayload.Malformed()) { try EngineIOPayload.decode(body, .v3Binary) }
    }

    @Test("a version 3 client gets a binary body only for binary packets, and only when it takes one")
    func forms() {
        let text = [EngineIOPacket.message("a").text]
        let binary = text + [EngineIOPacket.binary([1]).text]
        #expect(EngineIOPayload.form(of: text, version: .v3, takesBinary: true) == .v3Text)
        #expect(EngineIOPayload.form(of: binary, version: .v3, takesBinary: true) == .v3Binary)
        #expect(EngineIOPayload.form(of: binary, version: .v3, takesBinary: false) == .v3Text)
        #expect(EngineIOPayload.form(of: binary, version: .v4, takesBinary: true) == .v4)
    }

    @Test("whatever is written is read again, and in version 3 no part of it reads as the whole")
    func roundTrip() throws {
        let seed = UInt64.random(in: .min ... .max)
        print("EngineIOPayloadTests.roundTrip seed \(seed)")
        var random = SeededGenerator(seed: seed)
        let scalars = ["a", "4", ":", "é", "€", "😀", "\n", "\u{2028}", "\u{10FFFF}", "b", "\u{0}"]
        for _ in 0..<100 {
            let packets: [EngineIOPacket] = (0..<Int.random(in: 1...10, using: &random)).map { _ in
                let text = (0..<Int.random(in: 0...20, using: &random))
                    .map { _ in scalars[Int.random(in: scalars.indices, using: &random)] }.joined()
                switch Int.random(in: 0...6, using: &random) {
                case 0: return .close
                case 1: return .ping(text)
                case 2: return .pong(text)
                case 3: return .binary(random.bytes(text.utf8.count))
                case 4: return .noop
                default: return .message(text)
                }
            }
            for form in [EngineIOPayload.Form.v4, .v3Text, .v3Binary] {
                let body = encode(packets, form)
                #expect(try EngineIOPayload.decode(body, form) == packets)
                // The padding of base64 at the end may be missing.
                guard form != .v4 else { continue }
                let cut = Int.random(in: 0..<body.count, using: &random)
                if let part = try? EngineIOPayload.decode(Array(body[..<cut]), form) { #expect(part != packets) }
            }
        }
    }

    @Test("noise never does more than fail")
    func noise() {
        let seed = UInt64.random(in: .min ... .max)
        print("EngineIOPayloadTests.noise seed \(seed)")
        var random = SeededGenerator(seed: seed)
        for _ in 0..<1_000 {
            let count = Int.random(in: 0...40, using: &random)
            let body = (0..<count).map { _ in
                random.chance(2)
                    ? UInt8.random(in: .min ... .max, using: &random)
                    : [0x34, 0x3A, 0x31, 0x1E, 0, 1, 4, 0xFF].randomElement(using: &random) ?? 0
            }
            for form in [EngineIOPayload.Form.v4, .v3Text, .v3Binary] {
                guard let packets = try? EngineIOPayload.decode(body, form) else { continue }
                #expect(!packets.isEmpty)
                #expect((try? EngineIOPayload.decode(encode(packets, form), form)) == packets)
            }
        }
    }
}
