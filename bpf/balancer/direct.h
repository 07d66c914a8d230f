// What every way of forwarding does: the next hardware address, and one hop less.
//
// Direct forwarding does no more. The backend has the vip as an address of its own, of which it tells nobody, and answers
// the client itself.
#pragma once
#include "checksum.h"
#include "packet.h"

INLINE u32 address_frame(struct view view, const u16 *hardware, const u16 *source)
{
    struct ethernet *ethernet = (struct ethernet *)view.data;
    if ((u8 *)(ethernet + 1) > view.end)
        return DROPPED_CUT;
    copy_hardware(ethernet->destination, hardware);
    copy_hardware(ethernet->source, source);
    return READ;
}

// Without this a packet that two balancers take for each other's would go round for ever. Whether there is a hop left was
// asked before.
INLINE u32 take_hop(struct view view, struct packet *packet)
{
    if (packet->is_ipv6) {
        struct ipv6 *ip = (struct ipv6 *)network_of(view, packet);
        if ((u8 *)(ip + 1) > view.end)
            return DROPPED_CUT;
        ip->hops--;
    } else {
        struct ipv4 *ip = (struct ipv4 *)network_of(view, packet);
        if ((u8 *)(ip + 1) > view.end)
            return DROPPED_CUT;
        // It shares a word with the protocol.
        u16 *word = (u16 *)&ip->ttl;
        u16 before = *word;
        ip->ttl--;
        ip->checksum = updated(ip->checksum, changed16(before, *word));
    }
    return READ;
}

INLINE u32 send_direct(struct xdp_md *context, struct packet *packet, const struct backend *backend)
{
    struct view view = look(context);
    u32 reason = take_hop(view, packet);
    if (reason == READ)
        reason = address_frame(view, backend->hardware, backend->source_hardware);
    return reason == READ ? SENT_DIRECT : reason;
}
