import Domain
import Testing

@testable import REST

/// Each case was compared with Python's decoder.
@Suite struct IIBJSONFaultTests {
    @Test(
        arguments: [
            ("{", 1, "Expecting property name enclosed in double quotes"), (#"{"s":}"#, 5, "Expecting value"),
            (#"{"s":"a" "l":1}"#, 9, "Expecting ',' delimiter"),
            (#"{"s":"a",}"#, 9, "Expecting property name enclosed in double quotes"),
            ("[1,2", 4, "Expecting ',' delimiter"), ("nul", 0, "Expecting value"), (#"{"s":"a"} x"#, 10, "Extra data"),
            (#""abc"#, 0, "Unterminated string starting at"), ("{\"s\":\"\u{1}\"}", 6, "Invalid control character at"),
            (#"{"s":"\x"}"#, 6, #"Invalid \escape"#), ("{s:1}", 1, "Expecting property name enclosed in double quotes"),
            ("é{", 0, "Expecting value"), (#"{"a":1,,}"#, 7, "Expecting property name enclosed in double quotes"),
            ("[1,]", 3, "Expecting value"), ("[,1]", 1, "Expecting value"), (#"{"a"}"#, 4, "Expecting ':' delimiter"),
            (#"{"a":"\u12"}"#, 7, #"Invalid \uXXXX escape"#), ("   ", 3, "Expecting value"),
            ("-", 0, "Expecting value"), ("-NaN", 0, "Expecting value"), ("NaNx", 3, "Extra data"),
            (#"{"a":Infinity,"b":-Infinity x}"#, 28, "Expecting ',' delimiter"),
            ("1.", 1, "Extra data"), (#"{"s":"é","l":[}"#, 14, "Expecting value"),
            (#"{"a":tru}"#, 5, "Expecting value"),
            ("01", 1, "Extra data"), ("1e", 1, "Extra data"), (#"["a":1]"#, 4, "Expecting ',' delimiter"),
            ("[1.5.5]", 4, "Expecting ',' delimiter"), (#"{"a":"b\"#, 5, "Unterminated string starting at"),
        ]
    )
    func `a fault has its place and its words`(text: String, position: Int, reason: String) {
        #expect(throws: JSONError.self) { try JSONParser.parse(text) }
        let fault = IIBJSONFault(text)
        #expect(fault.position == position)
        #expect(fault.reason == reason)
    }
}
