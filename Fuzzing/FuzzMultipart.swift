/// Fuzz target for forms: multipart bodies, the heads of their parts, and headers with parameters.
///
/// The first byte chooses how the body is cut, the rest is the body. Whatever it is, nothing may crash; the same comes
/// out however it is cut; bounds hold; and no content holds a boundary.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzMultipart(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    guard let data, count > 0 else { return 0 }
    let input = Array(UnsafeBufferPointer(start: data, count: count))
    let body = input.dropFirst()
    let whole = outcome([body])
    let length = Int(input[0] % 61) + 1
    let pieces = stride(from: body.startIndex, to: body.endIndex, by: length).map {
        body[$0..<min($0 + length, body.endIndex)]
    }
    precondition(outcome(pieces) == whole, "the cuts change what is read")
    if case .read(let parts, _) = whole {
        precondition(parts.count <= MultipartParser.partLimit)
        for part in parts { check(part) }
    }
    _ = HeaderParameters(String(decoding: body, as: UTF8.self))
    return 0
}

struct Part: Equatable {
    var head: MultipartHead
    var content: [UInt8] = []
    var isWhole = false
}

enum Outcome: Equatable {
    case read([Part], isWhole: Bool)
    case failed(MultipartFailure)
}

func outcome(_ pieces: [ArraySlice<UInt8>]) -> Outcome {
    guard var parser = MultipartParser(boundary: "b") else { preconditionFailure("this is a boundary") }
    var parts: [Part] = []
    do throws(MultipartFailure) {
        for piece in pieces {
            for event in try parser.feed(piece) {
                switch event {
                case .part(let head):
                    precondition(parts.last?.isWhole ?? true, "a part begins within another")
                    parts.append(Part(head: head))
                case .bytes(let bytes):
                    precondition(parts.last?.isWhole == false, "content of no part")
                    parts[parts.count - 1].content += bytes
                case .partEnd: parts[parts.count - 1].isWhole = true
                }
            }
        }
    } catch {
        return .failed(error)
    }
    // What is held back of a part that is cut off depends on nothing but the bytes.
    return .read(parts, isWhole: parser.isWhole)
}

func check(_ part: Part) {
    let delimiter = Array("\r\n--b".utf8)
    let content = part.content
    guard content.count >= delimiter.count else { return }
    for start in 0...content.count - delimiter.count {
        precondition(!content[start...].starts(with: delimiter), "a boundary is content")
    }
}
