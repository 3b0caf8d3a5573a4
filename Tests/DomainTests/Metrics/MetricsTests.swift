import Testing

@testable import Domain

@Suite struct MetricsTests {
    @Test func `families come in the order of their making, with help and type`() {
        let metrics = Metrics()
        let counter = metrics.counter("a_total", help: "As\nof \\ \"all\".")
        metrics.gauge("b", help: "Bs.", value: { 1.5 })
        counter.add(2, ["y": "1", "x": "a\"b\\c\nd"])
        counter.add(1, ["x": "a\"b\\c\nd", "y": "1"])
        counter.add()
        #expect(
            metrics.text == """
                # HELP a_total As\\nof \\\\ "all".
                # TYPE a_total counter
                a_total{x="a\\"b\\\\c\\nd",y="1"} 3
                a_total 1
                # HELP b Bs.
                # TYPE b gauge
                b 1.5

                """
        )
    }

    @Test func `a histogram counts what is at or below each bound`() {
        let metrics = Metrics()
        let histogram = metrics.histogram("h", help: "Hs.", bounds: [0.1, 1])
        for value in [0.05, 0.1, 0.5, 7] { histogram.record(value) }
        let lines = metrics.text.split(separator: "\n").dropFirst(2)
        #expect(
            Array(lines) == [
                #"h_bucket{le="0.1"} 2"#, #"h_bucket{le="1"} 3"#, #"h_bucket{le="+Inf"} 4"#, "h_sum 7.65", "h_count 4",
            ]
        )
    }

    @Test(arguments: [(0.0, "0"), (-2, "-2"), (0.25, "0.25"), (.infinity, "+Inf"), (-.infinity, "-Inf"), (.nan, "NaN")])
    func `numbers are written as Prometheus reads them`(value: Double, text: String) {
        #expect(Metrics.Text.number(value) == text)
    }

    @Test func `the server's own families follow the journal and the process`() throws {
        let journal = Journal(epoch: "e")
        let metrics = Metrics()
        metrics.addServer(journal: journal, version: "1.2.3")
        func lines() -> Set<Substring> { Set(metrics.text.split(separator: "\n")) }
        #expect(lines().contains(#"vitrine_info{version="1.2.3"} 1"#))
        #expect(lines().contains("vitrine_library_files 0"))
        journal.publish(.libraryCounts(LibraryCounts(contents: 1, files: 2, bytes: 3)))
        journal.publish(.taskCreated(TaskRecord(id: "t", name: "n", created: 0)))
        for line in [
            "vitrine_events_total 2", "vitrine_library_contents 1", "vitrine_library_files 2",
            "vitrine_library_bytes 3",
            #"vitrine_tasks{state="queued"} 1"#, #"vitrine_tasks{state="done"} 0"#,
            #"vitrine_clients{transport="sse"} 0"#,
        ] {
            #expect(lines().contains(Substring(line)))
        }
        #expect(ProcessStatistics.processorSeconds > 0)
        #expect(try #require(ProcessStatistics.residentBytes) > 1_000_000)
        #expect(try #require(ProcessStatistics.openFiles) >= 3)
        #expect(try #require(ProcessStatistics.openFilesLimit) > 0)
        #expect(!ProcessStatistics.hostName.isEmpty)
    }
}
