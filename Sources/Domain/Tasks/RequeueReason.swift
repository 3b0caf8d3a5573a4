/// Why an attempt at a task ended and the task went back to the queue (contracts/realtime.md §5).
package enum RequeueReason: String, CaseIterable, Sendable {
    case workerGone = "worker_gone"
    case leaseExpired = "lease_expired"
    case workerFailed = "worker_failed"
    case failed
    case restart
    case shutdown
}
