import Testing

@testable import Domain

@Suite struct AutoTagRuleTests {
    /// Finds a text; the pattern `(` is not understood.
    private struct Part: TextMatching {
        let part: String

        func matches(_ text: String) -> Bool { text.contains(part) }
    }

    private func rules(_ text: String) throws -> [AutoTagRule] {
        AutoTagRule.rules(try JSONParser.parse(text)) { $0 == "(" ? nil : Part(part: $0) }
    }

    private func given(_ setting: String) throws -> [String] {
        let info = GenerationInfo(Pictures.webUI)
        return AutoTags.tags(for: info, kind: .image, width: nil, height: nil, rules: try rules(setting))
            .filter { $0.type == "custom" }.map(\.name)
    }

    @Test(
        "A filter compares without case",
        arguments: [
            (#"{"field":"pos_prompt","operator":"contains","value":"BEST QUALITY"}"#, true),
            (#"{"field":"pos_prompt","operator":"contains","value":"red sofa"}"#, true),
            (#"{"field":"pos_prompt","operator":"contains","value":"red-sofa"}"#, true),
            (#"{"field":"pos_prompt","operator":"contains","value":"lowres"}"#, false),
            (
                #"{"field":"pos_prompt","operator":"equals","value":"Masterpiece,best quality,a cat,sitting on a red sofa"}"#,
                true
            ),
            (#"{"field":"neg_prompt","operator":"contains","value":"anatomy"}"#, true),
            (#"{"field":"neg_prompt","operator":"equals","value":"lowres"}"#, false),
            (#"{"field":"model","operator":"equals","value":"ANYTHING-V4.5"}"#, true),
            (#"{"field":"Size-1","operator":"equals","value":512}"#, true),
            (#"{"field":"Sampler","operator":"regex","value":"2M K"}"#, true),
            (#"{"field":"Sampler","operator":"regex","value":"Euler"}"#, false),
            (#"{"field":"Nothing","operator":"contains","value":"x"}"#, false),
        ]
    )
    func aFilterComparesWithoutCase(filter: String, holds: Bool) throws {
        #expect(try given(#"[{"tag":"T","filters":[\#(filter)]}]"#) == (holds ? ["T"] : []))
    }

    @Test("All filters of a rule must hold, and a tag is given once")
    func allFiltersOfARuleMustHold() throws {
        let cat = #"{"field":"pos_prompt","operator":"contains","value":"cat"}"#
        let dog = #"{"field":"pos_prompt","operator":"contains","value":"dog"}"#
        let setting = """
            [{"tag":"both","filters":[\(cat),\(dog)]},{"tag":"cat","filters":[\(cat)]},{"tag":"cat","filters":[\(cat)]}]
            """
        #expect(try given(setting) == ["cat"])
    }

    @Test(
        "Rules that cannot be understood are left out",
        arguments: [
            "null", "{}", "\"x\"", "[1,null,\"x\",[]]", #"[{"tag":"T"}]"#, #"[{"tag":"T","filters":[]}]"#,
            #"[{"tag":"","filters":[{"field":"a","operator":"contains","value":"b"}]}]"#,
            #"[{"tag":7,"filters":[{"field":"a","operator":"contains","value":"b"}]}]"#,
            #"[{"tag":"T","filters":[{"field":"a","operator":"like","value":"b"}]}]"#,
            #"[{"tag":"T","filters":[{"field":"a","operator":"contains"}]}]"#,
            #"[{"tag":"T","filters":[{"operator":"contains","value":"b"}]}]"#,
            #"[{"tag":"T","filters":[{"field":"a","operator":"regex","value":"("}]}]"#,
            #"[{"tag":"T","filters":[{"field":"a","operator":"contains","value":"b"},7]}]"#,
        ]
    )
    func rulesThatCannotBeUnderstoodAreLeft(setting: String) throws {
        #expect(try rules(setting).isEmpty)
    }

    @Test("A bad rule does not take a good one with it")
    func aBadRuleDoesNotTakeA() throws {
        let setting = #"[7,{"tag":"T","filters":[{"field":"neg_prompt","operator":"contains","value":"lowres"}]}]"#
        #expect(try given(setting) == ["T"])
        #expect(AutoTagRule.rules(nil) { _ in nil }.isEmpty)
    }
}
