// Which vip a packet is for, and whether its source may have it.
#pragma once
#include "options.h"
#include "packet.h"

INLINE int is_vip_address(struct packet *packet)
{
    struct address key;
    copy_address(key.words, packet->flow.destination);
    return map_lookup(&addresses, &key) != 0;
}

// One port of one address, then ranges of its ports, then prefixes of addresses with the port and with all.
SEPARATE int find_vip(struct packet *packet, struct vip *to)
{
    if (!packet || !to)
        return 0;
    struct flow *flow = &packet->flow;
    struct vip_key exact = {.port = flow->destination_port, .protocol = flow->protocol};
    copy_address(exact.address, flow->destination);
    struct vip *vip = map_lookup(&vips, &exact);
    if (!vip && has_ranges) {
        struct range_key key = {.length = 176, .protocol = flow->protocol, .port = flow->destination_port};
        copy_address(key.address, flow->destination);
        vip = map_lookup(&ranges, &key);
    }
    if (!vip && has_prefixes) {
        struct prefix_key key = {.length = 160, .protocol = flow->protocol, .port = flow->destination_port};
        copy_address(key.address, flow->destination);
        vip = map_lookup(&prefixes, &key);
        if (!vip) {
            key.port = 0;
            vip = map_lookup(&prefixes, &key);
        }
    }
    if (!vip)
        return 0;
    *to = *vip;
    return 1;
}

INLINE int is_admitted(struct packet *packet, const struct vip *vip)
{
    if (!has_sources || !(vip->flags & VIP_LISTS_SOURCES))
        return 1;
    struct source_key key = {.length = 160, .vip = vip->number};
    copy_address(key.address, packet->flow.source);
    u32 *found = map_lookup(&sources, &key);
    return found ? *found == SOURCE_ALLOWED : !(vip->flags & VIP_ADMITS_LISTED);
}
