import Testing

@testable import Domain

struct TrainingTagsTests {
    @Test("Words of every picture of a folder are told, in their order")
    func allPictures() {
        let frequencies = #"{"5_a":{"one":4,"two":3,"three":4},"2_b":{"four":9,"one":9}}"#
        #expect(TrainingTags.words(frequencies: frequencies, folders: nil) == ["one", "three", "four"])
    }

    @Test("The number of pictures counts before that of the most frequent word")
    func pictures() {
        let frequencies = #"{"5_a":{"one":4,"two":3},"2_b":{"four":9}}"#
        let folders = #"{"5_a":{"n_repeats":5,"img_count":5},"2_b":{"n_repeats":2,"img_count":8}}"#
        #expect(TrainingTags.words(frequencies: frequencies, folders: folders) == ["four"])
        #expect(TrainingTags.words(frequencies: frequencies, folders: "broken") == ["one", "four"])
    }

    @Test("Frequencies that are cut off tell the words that stand before that")
    func cut() {
        let whole = #"{"5_a":{"one":4,"two":3,"three":4},"2_b":{"four":9}}"#
        #expect(TrainingTags.words(frequencies: String(whole.prefix(30)), folders: nil) == ["one"])
        for length in 0...whole.utf8.count {
            let words = TrainingTags.words(frequencies: String(whole.prefix(length)), folders: nil)
            #expect(Set(words).isSubset(of: ["one", "two", "three", "four"]), "\(length)")
        }
    }

    @Test(
        "What is something else has no words",
        arguments: [
            "", "x", "[]", "{}", #"{"a":1}"#, #"{"a":{}}"#, #"{"a":{"one":0}}"#, #"{"a":{"one":-4}}"#,
            #"{"a":{"one":"4"}}"#,
        ]
    )
    func nothing(_ text: String) {
        #expect(TrainingTags.words(frequencies: text, folders: nil).isEmpty)
    }

    @Test("There are not too many words")
    func many() {
        let tags = (0..<100).map { "\"t\($0)\":3" }.joined(separator: ",")
        let words = TrainingTags.words(frequencies: "{\"a\":{\(tags)}}", folders: nil)
        #expect(words == (0..<TrainingTags.limit).map { "t\($0)" })
    }
}
