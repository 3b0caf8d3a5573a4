import Testing

@testable import Domain

@Suite struct PromptTagsTests {
    @Test(
        "A prompt parts into tags",
        arguments: [
            ("a cat, Best Quality", ["a cat", "best quality"]),
            ("a, b,,  ,a ,B", ["a", "b"]),
            ("a，b", ["a", "b"]),
            ("(a:1.2), [b], {c}, \\(d\\), x/y", ["a", "b", "c", "d", "xy"]),
            ("best_quality, semi-realistic", ["best quality", "semi realistic"]),
            ("a BREAK b", ["a", "b"]),
            ("a,BREAK,b", ["a", "b"]),
            ("BREAK", []),
            ("a\nBREAK\nb", ["a", "b"]),
            ("a，BREAK，b", ["a", "b"]),
            ("(a)BREAK(b)", ["a", "b"]),
            ("BREAKFAST, OUTBREAK, tea-BREAK", ["breakfast", "outbreak", "tea break"]),
            ("(cat:1.2 BREAK dog)", ["cat", "dog"]),
            ("a> b", ["a", "b"]),
            ("a>b", ["a>b"]),
            ("a:b, :c, d:", ["a", "d"]),
            ("ÉCLAIR, Straße", ["éclair", "straße"]),
            ("\u{3000}猫\u{3000}, 犬", ["猫", "犬"]),
            ("", []),
            (" ,:,<,>", ["<", ">"]),
        ]
    )
    func aPromptPartsIntoTags(prompt: String, tags: [String]) {
        #expect(PromptTags(prompt).tags == tags)
    }

    @Test("LoRAs keep their characters and come once")
    func lorasKeepTheirCharactersAndComeOnce() {
        let tags = PromptTags("a cat <lora:Add_Detail:0.8>, <LORA:add_detail:1><lyco:x-y(v1):0.5:0.5> dog<lora:plain>")
        #expect(tags.loras == ["Add_Detail", "plain"])
        #expect(tags.lycos == ["x-y(v1)"])
        #expect(tags.tags == ["a cat", "dog"])
    }

    @Test("A LoRA with a weight per block keeps only its name")
    func aLoRAWithAWeightPerBlock() {
        let tags = PromptTags("<lora:style/ink:1:lbw=0,0,1,1>, a")
        #expect(tags.loras == ["style/ink"])
        #expect(tags.tags == ["a"])
    }

    @Test(
        "What is not whole is no LoRA",
        arguments: ["<lora:", "<lora:x", "<lora:>", "<lora::1>", "<lora:a\nb:1>", "<lora:a<b>"]
    )
    func whatIsNotWholeIsNoLoRA(prompt: String) {
        #expect(PromptTags(prompt).loras.isEmpty)
    }

    @Test("Sentences are no tags")
    func sentencesAreNoTags() {
        let long = "a very long sentence that tells of a cat on a mat"
        #expect(PromptTags("\(long), a").tags == ["a"])
        #expect(PromptTags("one two three four five six seven eight nine").tags == [])
        #expect(PromptTags("a b c d e f g h i j").tags == ["a b c d e f g h i j"])
        #expect(PromptTags("supercalifragilisticexpialidocious supercalifragilistic").tags.count == 1)
        #expect(PromptTags("一二三四五六七八九十一二").tags.count == 1)
        #expect(PromptTags("一二三四五六七八九十一二三").tags.isEmpty)
        #expect(PromptTags("a一二三四五六七八九十一二三").tags.count == 1)
        #expect(PromptTags("a\u{0}b, c").tags == ["c"])
    }

    @Test("Five thousand tags are all there, and many more are bounded")
    func fiveThousandTagsAreAllThereAnd() {
        let prompt = (0..<5_000).map { "tag\($0)" }.joined(separator: ", ")
        #expect(PromptTags(prompt).tags.count == 5_000)
        let flood = (0..<50_000).map { "\($0)" }.joined(separator: ",")
        #expect(PromptTags(flood).tags.count == PromptTags.limit)
        let networks = (0..<5_000).map { "<lora:\($0):1>" }.joined()
        #expect(PromptTags(networks).loras.count == LoRAName.limit)
    }
}
