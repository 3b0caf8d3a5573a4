import Testing

@testable import REST

@Suite struct RecentlyUsedTests {
    @Test func `what was asked for stays, what was not goes`() {
        var recent = RecentlyUsed<Int, String>(limit: 100)
        for key in 0..<10 { recent.insert("\(key)", for: key, cost: 10) }
        #expect(recent.cost == 100 && recent.count == 10)
        #expect(recent.value(3) == "3")
        for key in 10..<15 { recent.insert("\(key)", for: key, cost: 10) }
        #expect(recent.value(3) == "3")
        #expect(recent.value(14) == "14")
        #expect(recent.cost == 100)
    }

    @Test func `a key has one value, and what is too large is not kept`() {
        var recent = RecentlyUsed<Int, String>(limit: 100)
        recent.insert("a", for: 1, cost: 5)
        recent.insert("b", for: 1, cost: 7)
        #expect(recent.value(1) == "b" && recent.cost == 7 && recent.count == 1)
        recent.insert("c", for: 1, cost: 13)
        #expect(recent.value(1) == nil && recent.cost == 0)
        recent.insert("d", for: 2, cost: 12)
        #expect(recent.value(2) == "d")
    }

    @Test func `it agrees with a dictionary, and never passes its bound`() {
        let seed = UInt64.random(in: .min ... .max)
        print("seed", seed)
        var state = seed
        func random(_ count: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % count
        }
        var recent = RecentlyUsed<Int, Int>(limit: 200)
        var last: [Int: Int] = [:]
        for step in 0..<5_000 {
            let key = random(60)
            if random(2) == 0 {
                recent.insert(step, for: key, cost: 1 + random(25))
                last[key] = step
            } else if let value = recent.value(key) {
                #expect(value == last[key])
            }
            #expect(recent.cost <= 200)
        }
        #expect(recent.count > 5)
    }
}
