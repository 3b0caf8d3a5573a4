import ArgumentParser

/// Loads a WebSocket server on this machine and prints what it measured, one JSON object a line.
@main
struct Loadgen: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "loadgen",
        abstract: "Measures a WebSocket server on 127.0.0.1.",
        subcommands: [EchoLoad.self, FanoutLoad.self, WorkerLoad.self, TaskLoad.self]
    )
}
