import Testing

@testable import Domain

struct ModelMetaTests {
    @Test(
        "What is empty is filled from the other, member by member",
        arguments: [
            (#"{}"#, #"{"description":"d"}"#, #"{"description":"d"}"#),
            (#"{"description":" \n"}"#, #"{"description":"d"}"#, #"{"description":"d"}"#),
            (#"{"description":"mine"}"#, #"{"description":"d","more":1}"#, #"{"description":"mine","more":1}"#),
            (
                #"{"prompts":{"positive":"p"}}"#, #"{"prompts":{"positive":"q","negative":"n"}}"#,
                #"{"prompts":{"positive":"p","negative":"n"}}"#
            ),
            (#"{"prompts":"text"}"#, #"{"prompts":{"positive":"q"}}"#, #"{"prompts":"text"}"#),
            (#"{"prompts":""}"#, #"{"prompts":{"positive":"q"}}"#, #"{"prompts":{"positive":"q"}}"#),
            (#"{"prompts":{"positive":""}}"#, #"{"prompts":"q"}"#, #"{"prompts":"q"}"#),
            (#"{"n":0,"l":[],"b":false}"#, #"{"n":3,"l":["x"],"b":true}"#, #"{"n":3,"l":["x"],"b":false}"#),
            (#"{"n":null}"#, #"{"n":0.5}"#, #"{"n":0.5}"#),
            (#"{"d":"x"}"#, #"{"d":null}"#, #"{"d":"x"}"#),
        ]
    )
    func merging(existing: String, other: String, merged: String) throws {
        let result = ModelMeta.merged(try JSONParser.parse(existing), filledFrom: try JSONParser.parse(other))
        #expect(result == (try JSONParser.parse(merged)))
    }

    @Test("What is no object is kept as an empty one", arguments: [JSON.null, "x", 3, [1], true])
    func noObject(given: JSON) {
        #expect(ModelMeta.stored(given) == [:])
        #expect(ModelMeta.promoted(given) == [:])
        #expect(ModelMeta.images(given) == [])
        #expect(ModelMeta.images(["images": given]) == [])
    }

    @Test("Strange values are shown as they are")
    func strange() {
        let shown = ModelMeta.shown(["prompts": ["a"], "description": 3, "community_links": .null], samples: 0)
        let expected: JSON = ["description": 3, "community_links": "", "images_count": 0, "prompts": ["a"]]
        #expect(shown == expected)
    }
}
