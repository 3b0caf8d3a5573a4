import Domain
import Foundation
import Testing

struct JSONTextTests {
    private func written(_ body: (inout JSONText) -> Void) -> String {
        var text = JSONText()
        body(&text)
        return String(decoding: text.bytes, as: UTF8.self)
    }

    @Test("A text is read back as it was, wherever in it something must be escaped")
    func quoting() throws {
        for length in [1, 7, 15, 16, 17, 31, 32, 33, 50] {
            for place in 0..<length {
                for special in ["\"", "\\", "\u{0}", "\n", "\u{1F}", "\u{7F}", "é", "😀"] {
                    let text =
                        String(repeating: "a", count: place) + special
                        + String(repeating: "z", count: length - place - 1)
                    let json = written { $0.append(quoted: text) }
                    #expect(try JSONParser.parse(json) == .string(text), "\(special.debugDescription) at \(place)")
                    let read = try JSONSerialization.jsonObject(with: Data(json.utf8), options: .fragmentsAllowed)
                    #expect(read as? String == text)
                }
            }
        }
    }

    @Test("Integers are written in decimal", arguments: [0, 7, 10, -1, 1_234_567_890, Int.max, Int.min])
    func integers(number: Int) {
        #expect(written { $0.append(number) } == "\(number)")
    }

    @Test("Pieces stand one after the other")
    func pieces() {
        let text = written {
            $0.append(#"{"é":["#)
            $0.append(1)
            $0.append(UInt8(ascii: ","))
            $0.append(contentsOf: Array("2".utf8))
            $0.append("]}")
        }
        #expect(text == #"{"é":[1,2]}"#)
    }
}
