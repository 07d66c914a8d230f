// Where a datagram goes that is turned: to a socket of this machine, or out by the kernel's routes. It is asked for before
// anything is changed. Whatever speaks against it leaves the datagram to user space, whose sockets know what to do.
#pragma once
#include "parse.h"

enum { LOOPBACK = 1, WAY_HERE = MISSES, WAY_OUT };

INLINE u32 way_here(struct __sk_buff *context, const struct datagram *datagram, const struct turn *turn)
{
    u32 interface = context->ifindex;
    // What comes by the loopback interface is routed already.
    if (interface == LOOPBACK)
        return WAY_HERE;
    if (turn->flags & TURN_WITHIN_LOOPBACK)
        return MISSED_LOCAL;
    // The source is an address of this machine from now on. IPv4 takes that for forged unless told otherwise.
    return datagram->is_ipv6 || map_lookup(&accepting, &interface) ? WAY_HERE : MISSED_LOCAL;
}

INLINE u32 way_out(struct __sk_buff *context, const struct datagram *datagram, const struct turn *turn,
                   struct fib_lookup *found)
{
    if (datagram->ttl <= 1)
        return MISSED_LAST_HOP;
    found->protocol = PROTOCOL_UDP;
    found->source_port = turn->to.source_port;
    found->destination_port = turn->to.destination_port;
    found->length = datagram->longest;
    found->interface = context->ifindex;
    if (datagram->is_ipv6) {
        found->family = FAMILY_IPV6;
        copy_address(found->source, turn->to.source);
        copy_address(found->destination, turn->to.destination);
    } else {
        found->family = FAMILY_IPV4;
        found->source[0] = turn->to.source[3];
        found->destination[0] = turn->to.destination[3];
    }
    switch (find_route(context, found, sizeof *found, FIB_WITHOUT_NEIGHBOR)) {
    case FIB_FOUND:
        return WAY_OUT;
    case FIB_DOES_NOT_FORWARD:
        return MISSED_FORWARDING;
    case FIB_TOO_LONG:
        return MISSED_LENGTH;
    default:
        return MISSED_ROUTE;
    }
}

INLINE u32 find_way(struct __sk_buff *context, const struct datagram *datagram, const struct turn *turn,
                    struct fib_lookup *found)
{
    if (datagram->is_damaged)
        return MISSED_DAMAGED;
    if (!datagram->has_checksum)
        return MISSED_CHECKSUM;
    return turn->flags & TURN_TO_HERE ? way_here(context, datagram, turn) : way_out(context, datagram, turn, found);
}
