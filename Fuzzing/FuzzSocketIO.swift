import Domain

/// Fuzz target for Socket.IO's packets and what they mean for a connection.
///
/// The first byte chooses the protocol; the rest is what a client sends, message by message, each ended by a zero
/// byte; one that begins with a byte 1 is binary. Whatever it is, nothing may crash; what is read must be written so
/// that it reads the same again; and nobody may leave what it has not joined.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzSocketIO(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    guard let data, count > 0 else { return 0 }
    let input = UnsafeBufferPointer(start: data, count: count)
    let messages = input.dropFirst().split(separator: 0, omittingEmptySubsequences: false).map(Message.init)
    checkPackets(messages)
    checkConnection(messages, input[0] % 2 == 0 ? .v4 : .v3)
    return 0
}

enum Message {
    case text(String)
    case binary([UInt8])

    init(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) {
        self = bytes.first == 1 ? .binary(Array(bytes.dropFirst())) : .text(String(decoding: bytes, as: UTF8.self))
    }
}

func checkPackets(_ messages: [Message]) {
    var decoder = SocketIODecoder()
    for message in messages {
        do throws(SocketIOFailure) {
            let packet =
                switch message {
                case .text(let text): try decoder.receive(text: text)
                case .binary(let bytes): try decoder.receive(binary: bytes)
                }
            if let packet { checkAgain(packet) }
        } catch {
            continue
        }
    }
}

func checkAgain(_ packet: SocketIOPacket) {
    var attachments: [[UInt8]] = []
    switch packet.body {
    case .event(let name, let arguments, _):
        precondition(!SocketIODecoder.reservedEvents.contains(name))
        attachments = arguments.attachments
    case .acknowledgement(_, let arguments): attachments = arguments.attachments
    case .connect, .disconnect: break
    case .refusal: preconditionFailure("a client's refusal was read")
    }
    precondition(attachments.count <= SocketIODecoder.attachmentsLimit)
    // What only a refused name can have is not written as it was read.
    guard packet.namespace.unicodeScalars.allSatisfy({ (0x20...0xFFFF).contains($0.value) }) else { return }
    var decoder = SocketIODecoder()
    var again = try? decoder.receive(text: String(decoding: SocketIOEncoder.text(packet), as: UTF8.self))
    for attachment in attachments { again = try? decoder.receive(binary: attachment) }
    precondition(again == packet, "a packet reads differently")
}

func checkConnection(_ messages: [Message], _ version: EngineIOVersion) {
    var connection = SocketIOConnection(
        version: version,
        engineID: "e",
        namespaces: ["/", "/a"],
        connectTimeout: 10,
        now: 0
    )
    var joined: [String: String] = [:]
    var hasFailed = false
    func note(_ actions: [SocketIOConnection.Action]) {
        precondition(!hasFailed || actions.isEmpty, "something happens after the end")
        for action in actions {
            switch action {
            case .joined(let namespace, let sid, _):
                precondition(joined.updateValue(sid, forKey: namespace) == nil, "joined twice")
            case .left(let namespace, let sid, _):
                precondition(joined.removeValue(forKey: namespace) == sid, "left what was not joined")
            case .event(let namespace, _, _, _), .acknowledged(let namespace, _, _):
                precondition(joined[namespace] != nil, "a message from outside")
            case .send: break
            case .fail: hasFailed = true
            }
        }
    }
    note(connection.open())
    for (index, message) in messages.enumerated() {
        switch message {
        case .text("time"): note(connection.tick(now: index))
        case .text("end"): note(connection.disconnect("/a"))
        case .text(let text): note(connection.receive(text: text))
        case .binary(let bytes): note(connection.receive(binary: bytes))
        }
    }
    hasFailed = false
    note(connection.close(isClean: false))
    precondition(joined.isEmpty, "somebody was left behind")
}
