// Sessions of datagrams that the proxy has moved into the kernel. Where packets come in (tcx, Linux 6.6) each path that
// user space has told of is turned into another: from a client to a listener becomes from the proxy's socket to the
// backend, and what the backend answers comes from the listener. All else goes on as it came.
//
//   parse.h    is it a plain datagram, and whose?
//   way.h      where it goes, or why it is left to user space
//   rewrite.h  its addresses, ports and checksums
//
// tables.h is what user space sees. Built by bpf/build; what it makes is committed beside this.
#include "bpf.h"
#include "parse.h"
#include "rewrite.h"
#include "way.h"

INLINE void miss(u32 reason)
{
    u64 *count = map_lookup(&missed, &reason);
    if (count)
        __sync_fetch_and_add(count, 1);
}

INLINE void count(u32 number, u64 datagrams, u64 bytes)
{
    struct tally *tally = map_lookup(&tallies, &number);
    if (!tally)
        return;
    __sync_fetch_and_add(&tally->datagrams, datagrams);
    __sync_fetch_and_add(&tally->bytes, bytes);
    tally->seen = time_coarse();
}

SEC("tcx/ingress") int offload(struct __sk_buff *context)
{
    struct datagram datagram = {};
    if (!read_datagram(context, &datagram))
        return TC_NEXT;
    struct turn *turn = map_lookup(&turns, &datagram.path);
    if (!turn)
        return TC_NEXT;
    struct fib_lookup found = {};
    u32 way = find_way(context, &datagram, turn, &found);
    if (way < MISSES) {
        miss(way);
        return TC_NEXT;
    }
    u32 segments = context->gso_segs;
    u8 ttl = datagram.ttl - (way == WAY_OUT);
    // What was changed in part cannot be left to anybody. It comes to that when memory runs out.
    if (!(datagram.is_ipv6 ? rewrite_ipv6(context, &datagram, &turn->to, ttl)
                           : rewrite_ipv4(context, &datagram, &turn->to, ttl)))
        return TC_DROP;
    count(turn->tally, segments ? segments : 1, datagram.length - headers_length(&datagram));
    if (way == WAY_HERE)
        return TC_NEXT;
    struct neighbor next = {.family = found.family};
    copy_address(next.address, found.destination);
    return redirect_to_neighbor(found.interface, &next, sizeof next, 0);
}

char terms[] SEC("license") = "Dual MIT/GPL";
