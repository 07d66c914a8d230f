// What every way of forwarding does: the next hardware address, its VLAN, and one hop less.
//
// Direct forwarding does no more. The backend has the vip as an address of its own, of which it tells nobody, and answers
// the client itself.
#pragma once
#include "hook.h"

// By how much a sum changes when IPv6 takes a hop: nothing makes up for it.
enum { HOP_TAKEN = 0xffff - 0x100 };

INLINE u32 address_frame(hook *context, struct packet *packet, const struct tags *tags, const u16 *hardware)
{
    if (has_vlans && !is_same_tags(&packet->tags, tags) && !change_tags(context, packet, tags))
        return DROPPED_NO_ROOM;
    struct view view = look(context);
    struct ethernet *ethernet = (struct ethernet *)view.data;
    if ((u8 *)(ethernet + 1) > view.end)
        return DROPPED_CUT;
    // The two addresses stand one behind the other, as in a frame.
    u32 *to = (u32 *)ethernet;
    const u32 *from = (const u32 *)hardware;
    to[0] = from[0];
    to[1] = from[1];
    to[2] = from[2];
    return READ;
}

INLINE u32 address_to(hook *context, struct packet *packet, const struct backend *backend)
{
    struct tags tags = has_vlans && backend->vlan != VLAN_KEPT ? tags_of(backend->vlan, packet) : packet->tags;
    return address_frame(context, packet, &tags, backend->hardware);
}

// Without this a packet that two balancers take for each other's would go round for ever. Whether there is a hop left was
// asked before.
INLINE u32 take_hop(hook *context, struct packet *packet)
{
    struct view view = look(context);
    if (packet->is_ipv6) {
        struct ipv6 *ip = (struct ipv6 *)network_of(view, packet);
        if ((u8 *)(ip + 1) > view.end)
            return DROPPED_CUT;
        ip->hops--;
        note_change(context, HOP_TAKEN);
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

INLINE u32 send_direct(hook *context, struct packet *packet, const struct backend *backend)
{
    u32 reason = take_hop(context, packet);
    if (reason == READ)
        reason = address_to(context, packet, backend);
    return reason == READ ? SENT_DIRECT : reason;
}
