// At the hooks of traffic control: the kernel has made something of the frame already. It knows the packet's family, may
// know a sum over its bytes, and may have joined several packets to one; it is told of every change. The tag of a VLAN is
// no longer among the bytes.
#pragma once
#include "open.h"

enum { HOST = 0, MOST_HEADERS = 14 + 40 + 8 + 40 };

INLINE struct view look_at(struct __sk_buff *packet)
{
    return (struct view){(u8 *)(long)packet->data, (u8 *)(long)packet->data_end};
}

INLINE u32 open_packet(struct __sk_buff *packet, struct tunnel *tunnel)
{
    if (packet->pkt_type != HOST)
        return PASSED_NOT_UNICAST;
    // Some drivers leave the bytes in pages of their own at first.
    u32 length = packet->len;
    if (packet->data_end - packet->data < MOST_HEADERS)
        pull_data(packet, length < MOST_HEADERS ? length : MOST_HEADERS);
    tunnel->network = sizeof(struct ethernet);
    return open(look_at(packet), packet->protocol, tunnel);
}

INLINE u32 take_off_packet(struct __sk_buff *packet, const struct tunnel *tunnel)
{
    // Without a need nothing is said of families: kernels before 6.3 do not know how to.
    u8 is_same = tunnel->is_outer_ipv6 == (tunnel->inner_type == TYPE_IPV6);
    u64 flags = ROOM_FIXED_SEGMENTS | (is_same ? 0 : tunnel->inner_type == TYPE_IPV4 ? ROOM_LEAVES_IPV4 : ROOM_LEAVES_IPV6);
    if (adjust_room(packet, -(int)tunnel->length, ROOM_BEFORE_NETWORK, flags))
        return DROPPED_NO_ROOM;
    u16 type = tunnel->inner_type;
    return store_bytes(packet, 12, &type, sizeof type, 0) ? DROPPED_NO_ROOM : READ;
}

INLINE u32 mark_packet(struct __sk_buff *packet, const struct tunnel *tunnel)
{
    struct view view = look_at(packet);
    u16 *word = (u16 *)place(view, tunnel->network);
    struct ipv4 *ip = (struct ipv4 *)word;
    if ((u8 *)(ip + 1) > view.end)
        return DROPPED_CUT;
    u16 before = *word, after, sum = ip->checksum;
    if (tunnel->inner_type == TYPE_IPV4) {
        after = (before & WIRE16(0xff00)) | SWAP16((u16)tunnel->inner_service);
        sum = updated(sum, changed16(before, after));
        if (store_bytes(packet, tunnel->network + 10, &sum, sizeof sum, STORE_SUMS))
            return DROPPED_NO_ROOM;
    } else {
        after = (before & WIRE16(0xf00f)) | SWAP16((u16)(tunnel->inner_service << 4));
    }
    return store_bytes(packet, tunnel->network, &after, sizeof after, STORE_SUMS) ? DROPPED_NO_ROOM : READ;
}

INLINE u32 take_off_in_kernel(struct __sk_buff *packet)
{
    struct tunnel tunnel = {};
    u32 reason = open_packet(packet, &tunnel);
    if (reason == READ)
        reason = take_off_packet(packet, &tunnel);
    if (reason == READ && tunnel.is_marked)
        reason = mark_packet(packet, &tunnel);
    return reason == READ ? taken(&tunnel) : reason;
}
