#pragma once
#include <sys/epoll.h>
#include <stdint.h>

// The event union's data as an index, which is all we put there.
static inline int cepoll_add(int epoll, int fd, uint32_t events, uint64_t index) {
    struct epoll_event event = {.events = events, .data = {.u64 = index}};
    return epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
}

static inline int cepoll_modify(int epoll, int fd, uint32_t events, uint64_t index) {
    struct epoll_event event = {.events = events, .data = {.u64 = index}};
    return epoll_ctl(epoll, EPOLL_CTL_MOD, fd, &event);
}

static inline uint64_t cepoll_index(const struct epoll_event *event) { return event->data.u64; }
