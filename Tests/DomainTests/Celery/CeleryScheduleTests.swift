import Testing

@testable import Domain

/// When tasks on Celery are looked after.
@Suite struct CeleryScheduleTests {
    private func book(isConnected: Bool = true, offers: Int = 1) -> CeleryBook {
        var book = CeleryBook(
            routes: [CeleryRoute(name: "x", queue: "q")],
            endpoint: "",
            origin: "",
            lostAfter: 60_000
        )
        if isConnected { _ = book.connected() }
        for number in 0..<offers { _ = book.offered(.sample("t\(number)")) }
        return book
    }

    @Test("without tasks, or without Redis, there is nothing to do")
    func idle() {
        var schedule = CelerySchedule(lostAfter: 60_000)
        #expect(schedule.next(book(offers: 0), 0) == nil)
        #expect(schedule.next(book(isConnected: false), 0) == nil)
    }

    @Test("looks come soon, then less and less often, and soon again after an offer; searches come between")
    func pace() {
        var schedule = CelerySchedule(lostAfter: 60_000)
        let book = book()
        schedule.hurry(1_000)
        var now = 1_000
        var looks: [Milliseconds] = []
        var searches: [Milliseconds] = []
        while now < 40_000, let (time, step) = schedule.next(book, now) {
            if step == .look { looks.append(time - now) } else { searches.append(time) }
            now = time
            schedule.done(step, now)
        }
        #expect(looks.prefix(5) == [150, 300, 600, 1_200, 2_000])
        #expect(searches.first == 16_000 && searches.count == 2)
        schedule.hurry(now)
        #expect(schedule.next(book, now)?.at == now + 150)
    }

    @Test(
        "there are four searches in the time after which a task is lost, within bounds",
        arguments: [(60_000, 15_000), (4_000, 1_000), (86_400_000, 15_000), (1, 200)]
    )
    func searches(lostAfter: Milliseconds, every: Milliseconds) {
        var schedule = CelerySchedule(lostAfter: lostAfter)
        let book = book()
        _ = schedule.next(book, 0)
        schedule.done(.search, 0)
        var now = 0
        while let (time, step) = schedule.next(book, now) {
            now = time
            if step == .search { break }
            schedule.done(step, now)
        }
        #expect(now == every)
    }

    @Test("what was refused is tried again after a second, once")
    func retries() {
        var schedule = CelerySchedule(lostAfter: 60_000)
        schedule.retry(100)
        schedule.retry(900)
        #expect(schedule.retryAt == 1_100)
        let taken = [1_099, 1_100, 5_000].map { schedule.takeRetry($0) }
        #expect(taken == [false, true, false])
    }
}
