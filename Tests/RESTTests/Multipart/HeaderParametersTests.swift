import Testing

@testable import REST

/// Header values with parameters (RFC 9110 §5.6.6).
@Suite struct HeaderParametersTests {
    @Test func `value and parameters are read, quoted or not`() throws {
        let read = try #require(HeaderParameters(#" Multipart/Form-Data ; Boundary="a; \"b\\" ;charset=UTF-8; ; "#))
        #expect(read.value == "multipart/form-data")
        #expect(read["boundary"] == #"a; "b\"#)
        #expect(read["charset"] == "UTF-8")
        #expect(read["other"] == nil)
        #expect(HeaderParameters("text/plain")?.value == "text/plain")
        #expect(HeaderParameters("form-data; name=größe; filename*=utf-8''%e2%82%ac")?["name"] == "größe")
    }

    @Test(arguments: [
        "", ";a=b", "x; a", "x; =b", "x; a=", "x; a=b c", "x; a=\"b", "x; a=\"b\\", "x; a=\"b\"c", "x; a=b; A=c",
    ])
    func `what is malformed is nothing`(text: String) {
        #expect(HeaderParameters(text) == nil)
    }
}
