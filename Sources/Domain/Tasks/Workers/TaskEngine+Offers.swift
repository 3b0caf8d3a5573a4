extension TaskEngine {
    /// Offers waiting tasks to workers with free slots.
    func offer(_ core: inout Core, _ batch: inout Batch, _ now: Milliseconds) {
        for transition in batch.transitions {
            switch transition.kind {
            case .requeued, .finished: core.desk.paces[transition.record.id] = nil
            default: break
            }
        }
        guard !core.isStoreFailing, !core.isRetired, !core.isClosing else { return }
        for offer in core.queue.assign(now: now) {
            batch.offers.append(offer)
            if core.queue.hasOwnReason(offer.lease.holder) {
                batch.add(core.queue.transition(.waiting, offer.lease.task), isWritten: false)
            }
        }
    }

    /// Tells workers what the batch that is on disk now means for them.
    func tellWorkers(_ batch: Batch, _ core: inout Core, _ now: Milliseconds) {
        for (answer, result) in batch.replies { answer(result) }
        for (caller, result) in batch.uploads { caller.resume(returning: result) }
        for ticket in batch.cancelled {
            if let client = ticket.client { core.desk.peers[client]?.worker.cancelled(ticket) }
        }
        for offer in batch.offers {
            if let client = offer.lease.holder { core.desk.peers[client]?.worker.offered(offer) }
        }
        tellFigures(&core, now)
        dropUploads(batch, &core)
        // Exact times are found when the alarm rings; no new lease or offer ends before this.
        if core.queue.hasLeasesAtWorkers {
            setAlarm(&core, at: now + min(configuration.times.lease, configuration.times.offer), now)
        }
    }

    /// Tells workers their figures, each at most every so often, the last ones always.
    private func tellFigures(_ core: inout Core, _ now: Milliseconds) {
        core.desk.changed.formUnion(core.queue.takeTouchedWorkers())
        for client in core.desk.changed {
            guard let peer = core.desk.peers[client], let status = core.queue.status(of: client) else {
                core.desk.changed.remove(client)
                continue
            }
            let due = peer.toldAt.map { $0 + configuration.figuresEvery } ?? now
            guard now >= due || peer.toldAt.map({ now < $0 }) ?? true else {
                setAlarm(&core, at: due, now)
                continue
            }
            core.desk.changed.remove(client)
            guard status != peer.told else { continue }
            core.desk.peers[client]?.told = status
            core.desk.peers[client]?.toldAt = now
            peer.worker.statusChanged(status)
        }
    }
}
