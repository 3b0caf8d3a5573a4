import ServiceLifecycle

extension TaskEngine {
    /// Runs built-in tasks until the server shuts down gracefully or the calling task is cancelled.
    ///
    /// Then no task begins any more, running ones are cancelled and handed back to the queue, which costs them no
    /// attempt, and this returns when that is on disk. From then on ``submit(_:)`` throws `shuttingDown`.
    package func run() async throws {
        let (runs, feed) = AsyncStream.makeStream(of: LocalRun.self)
        post(.open(feed))
        await withTaskCancellationOrGracefulShutdownHandler {
            await withDiscardingTaskGroup { group in
                for await run in runs {
                    group.addTask { await self.execute(run) }
                }
            }
        } onCancelOrGracefulShutdown: {
            self.post(.close)
        }
        await withCheckedContinuation { post(.closed($0)) }
    }

    /// Runs one attempt and tells the engine how it ended.
    private func execute(_ run: LocalRun) async {
        let outcome = await withTaskGroup(of: Outcome?.self) { group in
            group.addTask { await self.outcome(run) }
            group.addTask {
                for await _ in run.stops {}
                return nil
            }
            var outcome: Outcome?
            // Whichever comes first, the code's end or the wish that it stop, ends the other too.
            for await ended in group {
                outcome = outcome ?? ended
                group.cancelAll()
            }
            return outcome ?? .stopped
        }
        post(.ended(run, outcome))
    }

    private func outcome(_ run: LocalRun) async -> Outcome {
        let context = TaskContext(
            task: run.lease.task,
            params: run.params,
            attempt: run.lease.attempt,
            report: { if run.report($0) { self.post(.report(run)) } },
            write: { level, message in
                let line = TaskLogLine(at: self.clock.now, level: level, message: message)
                if run.write(line, limit: self.configuration.logLimit) { self.post(.report(run)) }
            }
        )
        do {
            let value = try await run.kind.run(context)
            do throws(TaskRecord.Failure) {
                return .returned(try TaskResult(value))
            } catch {
                return .failed(error, retry: false)
            }
        } catch {
            // What code throws after it was asked to stop is its way of stopping.
            if Task.isCancelled { return .stopped }
            return switch error {
            case let abort as TaskAbort: .failed(abort.failure, retry: false)
            case let failure as TaskRecord.Failure: .failed(failure, retry: true)
            default: .failed(TaskRecord.Failure(code: "internal", message: "\(error)"), retry: true)
            }
        }
    }
}
