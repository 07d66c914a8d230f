// In the driver: a frame is bytes, and nobody has looked at them yet. What stands before the outer header (hardware
// addresses, tags of VLANs) moves to before the inner one.
#pragma once
#include "open.h"


INLINE struct view look(struct xdp_md *context)
{
    return (struct view){(u8 *)(long)context->data, (u8 *)(long)context->data_end};
}

INLINE u32 open_frame(struct view view, struct tunnel *tunnel)
{
    struct ethernet *ethernet = (struct ethernet *)view.data;
    if ((u8 *)(ethernet + 1) > view.end)
        return PASSED_CUT;
    if (ethernet->destination[0] & 1)
        return PASSED_NOT_UNICAST;
    u16 type = ethernet->type;
    tunnel->network = sizeof *ethernet;
#pragma unroll
    for (int i = 0; i < 2; i++) {
        if (type == TYPE_TAG || type == TYPE_SERVICE_TAG) {
            u16 *tag = (u16 *)place(view, tunnel->network);
            if ((u8 *)(tag + 2) > view.end)
                return PASSED_CUT;
            type = tag[1];
            tunnel->network += 4;
        }
    }
    return open(view, type, tunnel);
}

INLINE u32 take_off_frame(struct xdp_md *context, const struct tunnel *tunnel)
{
    struct view view = look(context);
    struct ethernet hardware;
    u32 tags[2];
    // All of it is there: the inner header is behind.
    u32 *first = (u32 *)(view.data + 12);
    if ((u8 *)(first + 2) > view.end)
        return DROPPED_CUT;
    hardware = *(struct ethernet *)view.data;
    tags[0] = first[0];
    tags[1] = first[1];
    if (xdp_adjust_head(context, (int)tunnel->length))
        return DROPPED_NO_ROOM;
    view = look(context);
    first = (u32 *)(view.data + 12);
    u16 *type = (u16 *)place(view, tunnel->network - 2);
    if ((u8 *)(first + 2) > view.end || (u8 *)(type + 1) > view.end)
        return DROPPED_CUT;
    *(struct ethernet *)view.data = hardware;
    if (tunnel->network >= 18)
        first[0] = tags[0];
    if (tunnel->network >= 22)
        first[1] = tags[1];
    *type = tunnel->inner_type;
    return READ;
}

INLINE u32 mark_frame(struct xdp_md *context, const struct tunnel *tunnel)
{
    struct view view = look(context);
    u16 *word = (u16 *)place(view, tunnel->network);
    struct ipv4 *ip = (struct ipv4 *)word;
    if ((u8 *)(ip + 1) > view.end)
        return DROPPED_CUT;
    u16 before = *word;
    if (tunnel->inner_type == TYPE_IPV4) {
        ip->service = tunnel->inner_service;
        ip->checksum = updated(ip->checksum, changed16(before, *word));
    } else {
        u16 others = before & WIRE16(0xf00f);
        *word = others | SWAP16((u16)(tunnel->inner_service << 4));
    }
    return READ;
}

INLINE u32 take_off_in_driver(struct xdp_md *context)
{
    struct tunnel tunnel = {};
    u32 reason = open_frame(look(context), &tunnel);
    if (reason == READ)
        reason = take_off_frame(context, &tunnel);
    if (reason == READ && tunnel.is_marked)
        reason = mark_frame(context, &tunnel);
    return reason == READ ? taken(&tunnel) : reason;
}
