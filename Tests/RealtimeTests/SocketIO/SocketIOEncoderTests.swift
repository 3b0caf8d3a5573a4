import Domain
import Testing

@testable import Realtime

/// What the server writes (contracts/socketio.md §3), and that it reads what it writes.
struct SocketIOEncoderTests {
    @Test(
        "each packet has its text",
        arguments: [
            (SocketIOPacket(.connect(nil)), "0"),
            (SocketIOPacket(.connect(["sid": "abc"])), #"0{"sid":"abc"}"#),
            (SocketIOPacket(.connect(["sid": "abc"]), namespace: "/admin"), #"0/admin,{"sid":"abc"}"#),
            (SocketIOPacket(.connect(nil), namespace: "/admin"), "0/admin,"),
            (SocketIOPacket(.disconnect), "1"),
            (SocketIOPacket(.disconnect, namespace: "/admin"), "1/admin,"),
            (SocketIOPacket(.event(name: "hello", SocketIOArguments([1, "é"]), id: nil)), #"2["hello",1,"é"]"#),
            (SocketIOPacket(.event(name: "x", SocketIOArguments(), id: 456), namespace: "/a"), #"2/a,456["x"]"#),
            (SocketIOPacket(.acknowledgement(id: 0, SocketIOArguments())), "30[]"),
            (SocketIOPacket(.acknowledgement(id: 7, SocketIOArguments(["ok"])), namespace: "/a"), #"3/a,7["ok"]"#),
            (SocketIOPacket(.refusal(["message": "no"]), namespace: "/x"), #"4/x,{"message":"no"}"#),
            (SocketIOPacket(.refusal("no"), namespace: "/x"), #"4/x,"no""#),
            (
                SocketIOPacket(
                    .event(name: "b", SocketIOArguments([["_placeholder": true, "num": 0]], attachments: [[1]]), id: 2)
                ),
                #"51-2["b",{"_placeholder":true,"num":0}]"#
            ),
            (
                SocketIOPacket(
                    .acknowledgement(id: 3, SocketIOArguments([1], attachments: [[1], [2]])),
                    namespace: "/a"
                ),
                "62-/a,3[1]"
            ),
        ]
    )
    func text(_ packet: SocketIOPacket, _ text: String) {
        #expect(String(decoding: SocketIOEncoder.text(packet), as: UTF8.self) == text)
    }

    @Test("attachments follow their packet, in each of the forms")
    func attachments() {
        let arguments = SocketIOArguments([["_placeholder": true, "num": 0]], attachments: [[0xFF, 0x10]])
        let packet = SocketIOPacket(.event(name: "b", arguments, id: nil))
        let text = #"451-["b",{"_placeholder":true,"num":0}]"#
        #expect(
            Array(SocketIOEncoder.bytes(packet, format: .engineIOPolling)) == Array("\(text)\u{1E}b/xA=\u{1E}".utf8)
        )
        let frame = [0x81, UInt8(text.utf8.count)] + Array(text.utf8)
        #expect(
            Array(SocketIOEncoder.bytes(packet, format: .engineIOWebSocket(.v4))) == frame + [0x82, 2, 0xFF, 0x10]
        )
        #expect(
            Array(SocketIOEncoder.bytes(packet, format: .engineIOWebSocket(.v3))) == frame + [0x82, 3, 4, 0xFF, 0x10]
        )
    }

    @Test("no polling payload has a character that clients count differently")
    func astralCharacters() {
        let packet = SocketIOPacket(.event(name: "😀", SocketIOArguments(["a😀b", ["𝄞": "é€"]]), id: nil))
        let polling = String(decoding: Array(SocketIOEncoder.bytes(packet, format: .engineIOPolling)), as: UTF8.self)
        #expect(
            polling == #"42["\ud83d\ude00","a\ud83d\ude00b",{"\ud834\udd1e":"é€"}]"# + "\u{1E}"
        )
        let refusal = SocketIOPacket(.refusal("no"), namespace: "/a😀\u{1E}b")
        #expect(
            String(decoding: Array(SocketIOEncoder.bytes(refusal, format: .engineIOPolling)), as: UTF8.self)
                == "44/a\u{FFFD}\u{FFFD}b,\"no\"\u{1E}"
        )
    }

    @Test("a client reads every packet as the server means it, whatever is in it", arguments: [1, 2, 3] as [UInt64])
    func roundTrip(seed: UInt64) throws {
        print("seed \(seed)")
        var generator = SeededGenerator(seed: seed)
        var decoder = SocketIODecoder()
        for _ in 0..<2_000 {
            let packet = RandomPackets.packet(using: &generator)
            let text = String(decoding: SocketIOEncoder.text(packet), as: UTF8.self)
            var read = try decoder.receive(text: text)
            for attachment in packet.attachments {
                #expect(read == nil)
                read = try decoder.receive(binary: attachment)
            }
            #expect(read == packet, "\(text)")
        }
    }

    @Test("whatever a client writes is read or refused, never more", arguments: [4, 5] as [UInt64])
    func mutations(seed: UInt64) throws {
        print("seed \(seed)")
        var generator = SeededGenerator(seed: seed)
        var refusals = 0
        for _ in 0..<5_000 {
            var decoder = SocketIODecoder()
            var text = SocketIOEncoder.text(RandomPackets.packet(using: &generator))
            for _ in 0..<Int.random(in: 1...3, using: &generator) {
                let index = Int.random(in: 0..<text.count, using: &generator)
                switch Int.random(in: 0..<3, using: &generator) {
                case 0: text.remove(at: index)
                case 1: text.insert(RandomPackets.letters.randomElement(using: &generator) ?? 0, at: index)
                default: text[index] = RandomPackets.letters.randomElement(using: &generator) ?? 0
                }
                if text.isEmpty { text = [UInt8(ascii: "2")] }
            }
            do throws(SocketIOFailure) {
                guard let packet = try decoder.receive(text: String(decoding: text, as: UTF8.self)) else { continue }
                // What is read can be written and read again.
                let again = try decoder.receive(text: String(decoding: SocketIOEncoder.text(packet), as: UTF8.self))
                #expect(again == packet)
            } catch {
                refusals += 1
            }
        }
        #expect(refusals > 100)
    }
}

/// Packets at random.
enum RandomPackets {
    static let letters = Array(#"0123456789abc/,-?[]{}":\ "#.utf8)
    private static let characters: [Character] = ["a", "\"", "\\", "/", ",", "?", "é", "😀", "\u{1E}", "\n", "7", "-"]

    static func text(using generator: inout SeededGenerator) -> String {
        String(
            (0..<Int.random(in: 0..<8, using: &generator)).map { _ in characters.randomElement(using: &generator) ?? "a"
            }
        )
    }

    static func value(_ depth: Int, using generator: inout SeededGenerator) -> JSON {
        switch Int.random(in: 0..<(depth > 3 ? 5 : 7), using: &generator) {
        case 0: .null
        case 1: .bool(generator.chance(2))
        case 2: .int(Int64.random(in: .min ... .max, using: &generator))
        case 3: .double(Double.random(in: -1e9...1e9, using: &generator) + 0.5)
        case 4: .string(text(using: &generator))
        case 5: .array((0..<3).map { _ in value(depth + 1, using: &generator) })
        default: [text(using: &generator): value(depth + 1, using: &generator), "k": 1] as JSON
        }
    }

    static func arguments(using generator: inout SeededGenerator) -> SocketIOArguments {
        var values = (0..<Int.random(in: 0..<4, using: &generator)).map { _ in value(0, using: &generator) }
        guard generator.chance(3) else { return SocketIOArguments(values) }
        let attachments = (0..<Int.random(in: 1...10, using: &generator)).map { _ in generator.bytes(3) }
        for index in attachments.indices { values.append(["_placeholder": true, "num": .int(Int64(index))]) }
        return SocketIOArguments(values, attachments: attachments)
    }

    static func packet(using generator: inout SeededGenerator) -> SocketIOPacket {
        let namespace = ["/", "/admin", "/a/b", "/é"].randomElement(using: &generator) ?? "/"
        let id = Int.random(in: 0..<(1 << 53), using: &generator)
        let body: SocketIOPacket.Body =
            switch Int.random(in: 0..<6, using: &generator) {
            case 0: .connect(generator.chance(2) ? nil : ["a": value(0, using: &generator)])
            case 1: .disconnect
            case 2: .acknowledgement(id: id, arguments(using: &generator))
            default:
                .event(
                    name: "e" + text(using: &generator),
                    arguments(using: &generator),
                    id: generator.chance(2) ? id : nil
                )
            }
        return SocketIOPacket(body, namespace: namespace)
    }
}

extension SocketIOPacket {
    var attachments: [[UInt8]] {
        switch body {
        case .event(_, let arguments, _), .acknowledgement(_, let arguments): arguments.attachments
        case .connect, .disconnect, .refusal: []
        }
    }
}

extension Array where Element == UInt8 {
    init(_ bytes: Bytes) {
        self = bytes.withUnsafeBytes { Array($0) }
    }
}
