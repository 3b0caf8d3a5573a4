import Domain
import Testing

@testable import Realtime

struct EngineIOScriptTests {
    @Test("the answer is a call whose argument reads as the payload")
    func encode() throws {
        let payload = "9:4\"\\\n\u{2028}\u{2029}€\u{1}"
        let script = String(decoding: EngineIOScript.encode(Array(payload.utf8), index: "3"), as: UTF8.self)
        #expect(script.hasPrefix("___eio[3](\"") && script.hasSuffix("\");"))
        #expect(!script.unicodeScalars.contains("\u{2028}") && !script.unicodeScalars.contains("\u{2029}"))
        // What stands between the brackets is JSON too.
        let argument = script.dropFirst("___eio[3](".count).dropLast(2)
        #expect(try JSONParser.parse(Array(argument.utf8), depth: 1) == .string(payload))
    }

    @Test("a form's payload gets its line ends back")
    func decode() {
        func decode(_ form: String) -> String? {
            EngineIOScript.decode(form: Array(form.utf8)).map { String(decoding: $0, as: UTF8.self) }
        }
        #expect(decode("d=6%3A4hello") == "6:4hello")
        #expect(decode("x=1&d=4%3A4a%5Cnb&y=2") == "4:4a\nb")
        #expect(decode("d=4a%5C%5Cnb") == "4a\\nb")
        #expect(decode("d=4a+b%E2%82%AC") == "4a b€")
        #expect(decode("d=") == "")
        #expect(decode("e=1") == nil)
        #expect(decode("") == nil)
    }
}
