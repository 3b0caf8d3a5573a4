extension Metrics {
    /// Adds what the journal and the operating system know: tasks, library, clients, events, memory, processor, files.
    package func addServer(journal: Journal, version: String) {
        gauge(
            "vitrine_info",
            help: "The server's version, as a label.",
            read: { [Sample(1, labels: ["version": version])] }
        )
        counter("vitrine_events_total", help: "Events published since the start.") {
            [Sample(Double(journal.read { $0.offset }))]
        }
        gauge("vitrine_tasks", help: "Tasks in the store, by state.") {
            let (all, elsewhere) = journal.read { ($0.tasks.counts, $0.tasks.countsElsewhere) }
            return TaskRecord.State.allCases.map {
                Sample(Double(all[$0] - elsewhere[$0]), labels: ["state": $0.rawValue])
            }
        }
        gauge("vitrine_clients", help: "Connected clients, by transport.") {
            let clients = journal.read { $0.clients.clients }.filter { $0.server == nil }
            return [.websocket, .sse, .polling].map { (transport: ClientRecord.Transport) in
                let count = clients.count { $0.transport == transport }
                return Sample(Double(count), labels: ["transport": transport.rawValue])
            }
        }
        gauge("vitrine_library_contents", help: "Distinct contents in the library.") {
            [Sample(Double(journal.read { $0.library.counts.contents }))]
        }
        gauge("vitrine_library_files", help: "Files in the library.") {
            [Sample(Double(journal.read { $0.library.counts.files }))]
        }
        gauge("vitrine_library_bytes", help: "The sum of the sizes of the library's files.") {
            [Sample(Double(journal.read { $0.library.counts.bytes }))]
        }
        counter("process_cpu_seconds_total", help: "Processor time used, in seconds.") {
            [Sample(ProcessStatistics.processorSeconds)]
        }
        gauge("process_resident_memory_bytes", help: "Memory in use.") {
            ProcessStatistics.residentBytes.map { [Sample(Double($0))] } ?? []
        }
        gauge("process_open_fds", help: "Open file descriptors.") {
            ProcessStatistics.openFiles.map { [Sample(Double($0))] } ?? []
        }
        gauge("process_max_fds", help: "The limit of open file descriptors.") {
            ProcessStatistics.openFilesLimit.map { [Sample(Double($0))] } ?? []
        }
    }
}
