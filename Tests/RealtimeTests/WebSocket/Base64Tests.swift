import Foundation
import Testing

@testable import Realtime

@Suite("Base64 in polling payloads")
struct Base64Tests {
    @Test("any bytes come back, in the text that others write too")
    func roundTrip() {
        var generator = SeededGenerator(seed: 7)
        for count in 0..<200 {
            let bytes = (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
            let text = Base64.encode(bytes)
            #expect(String(decoding: text, as: UTF8.self) == Data(bytes).base64EncodedString())
            #expect(Base64.decode(text) == bytes)
            #expect(Base64.decode(text.filter { $0 != UInt8(ascii: "=") }) == bytes)
        }
    }

    @Test(
        "what is no base64 is refused",
        arguments: ["A", "AAAAA", "A===", "AA=A", "AAA=A", "A A=", "AAA\u{e9}", "AA="]
    )
    func refused(text: String) {
        #expect(Base64.decode(Array(text.utf8)) == nil)
    }
}
