/// Reads an event stream as the HTML standard says, apart from what no server of ours sends.
struct EventStreamParser {
    struct Block: Hashable {
        var event: String?
        var id: String?
        var data: [String] = []
        var retry: String?
        var comments: [String] = []
    }

    private var rest: [UInt8] = []

    /// The complete blocks so far; an incomplete one waits for its end.
    mutating func read(_ bytes: [UInt8]) -> [Block] {
        rest += bytes
        var blocks: [Block] = []
        while let end = rest.indices.dropLast().first(where: { rest[$0] == 10 && rest[$0 + 1] == 10 }) {
            blocks.append(Self.block(String(decoding: rest[..<end], as: UTF8.self)))
            rest.removeSubrange(...(end + 1))
        }
        return blocks
    }

    private static func block(_ text: String) -> Block {
        var block = Block()
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            let value = parts.count > 1 ? String(parts[1].drop { $0 == " " }) : ""
            switch parts[0] {
            case "": block.comments.append(value)
            case "event": block.event = value
            case "id": block.id = value
            case "data": block.data.append(value)
            case "retry": block.retry = value
            default: block.data.append("unknown field: \(line)")
            }
        }
        return block
    }
}
