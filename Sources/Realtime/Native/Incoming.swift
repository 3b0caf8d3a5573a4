import Domain

/// A message as read, or what is wrong with it.
enum Incoming {
    case message(ClientMessage, id: JSON?)
    case failure(ProtocolError, id: JSON?)

    /// Reads one text message; nothing is thrown, since what is wrong has its place in the order of answers.
    init(_ payload: UnsafeRawBufferPointer) {
        do throws(JSONError) {
            self.init(try JSONParser.parse(payload, depth: HubConfiguration.depth))
        } catch {
            switch error {
            case .tooDeep: self = .failure(ProtocolError(.tooDeep, "deeper than \(HubConfiguration.depth)"), id: nil)
            case .syntax(let offset): self = .failure(ProtocolError(.badJSON, "not JSON at byte \(offset)"), id: nil)
            }
        }
    }

    private init(_ json: JSON) {
        var id: JSON?
        do throws(ProtocolError) {
            let reader = try MessageReader(json)
            id = try reader.id()
            let type = try reader.text("type", 0...1024)
            self = .message(try ClientMessage(type: type, reader), id: id)
        } catch {
            self = .failure(error, id: id)
        }
    }
}
