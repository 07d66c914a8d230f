// Which backend a packet goes to.
//
// The table of connections is asked first: a flow stays where it is while rings change. It names the backend's generation,
// too, so that a number that was given to another backend never leads a flow astray. A backend that failed keeps none of
// its flows: they are chosen for anew with the next packet. One that drains keeps them, but a SYN is a new connection, even
// if it comes with the ports of an old one.
//
// Else the ring chooses: a hash of the flow names a slot, and the slot a backend. Where that backend failed and the ring
// still names it, the hash is stirred a few times; soon there will be a ring without it.
//
// A flow is stored with the first packet that is no SYN. Until then the ring chooses the same again; and a flood of SYN
// finds no room in the table. Other floods of invented flows are bounded by the guard. The price is that a ring which
// changes between a SYN and its ACK can lead the ACK to another backend, which refuses it. That happens to handshakes under
// way in the slots that change hands, and to no others: with weights few slots do, and for as long as a packet takes to the
// client and back. To store every SYN would cost each of them as much again, and give a flood of them a table to fill. NAT
// has to know more from the first packet on, and has a smaller table for handshakes (nat.h).
#pragma once
#include "guard.h"
#include "hash.h"
#include "recent.h"

enum { TRIES = 8 };

struct choice {
    u64 hash; // if the ring chose
    u32 backend;
    u16 port;    // of a flow that is known: ours, with NAT of the source
    u8 is_known; // else the ring chose
    u8 is_due;   // known, and in this tick nobody saw it before
    u8 is_left;  // known, and no longer to be followed
};

INLINE int is_aged(const struct packet *packet, const struct connection *known, u32 now)
{
    u32 idle = packet->flow.protocol == PROTOCOL_UDP     ? udp_idle
               : known->state == CONNECTION_CLOSING ? closing_idle
                                                    : tcp_idle;
    return idle && now - known->seen > idle;
}

// Why a flow that is known is chosen for anew; READ: it stays.
INLINE u32 check_known(const struct packet *packet, const struct connection *known, const struct backend *backend, u32 now)
{
    return known->generation != backend->generation             ? SAW_STALE
           : !(backend->flags & BACKEND_UP)                     ? SAW_DOWN
           : is_aged(packet, known, now)                        ? SAW_AGED
           : opens(packet) && (backend->flags & BACKEND_DRAINS) ? SAW_MOVED
                                                                : READ;
}

// It is written only when something changed: processors would fight for the memory.
INLINE void touch(const struct packet *packet, struct connection *known, struct choice *choice, u32 now)
{
    u8 state = opens(packet) ? 0 : packet->flags & (TCP_FIN | TCP_RST) ? CONNECTION_CLOSING : known->state;
    choice->is_due = known->seen != now;
    if (choice->is_due)
        known->seen = now;
    if (known->state != state)
        known->state = state;
}

// What neither opens nor ends a connection, and is no error.
INLINE int is_amid(const struct packet *packet)
{
    return !packet->is_error && !(packet->flags & (TCP_SYN | TCP_FIN | TCP_RST));
}

// By what was found in this tick.
INLINE struct backend *choose_recent(const struct digest *digest, struct choice *choice, u32 now)
{
    u64 found = find_recent(digest);
    u32 number = found >> 48;
    struct backend *backend = map_lookup(&backends, &number);
    if (!backend || !(backend->flags & BACKEND_UP) ||
        describe_recent(number, backend->generation, now, found) != found)
        return 0;
    choice->backend = number;
    choice->port = found;
    choice->is_known = 1;
    return backend;
}

INLINE struct backend *choose_known(const struct packet *packet, const struct flow *flow, struct choice *choice)
{
    u32 now = tick();
    struct digest digest = {};
    int is_recent = is_amid(packet);
    if (is_recent) {
        digest_flow(flow, &digest);
        struct backend *recent = choose_recent(&digest, choice, now);
        if (recent)
            return recent;
    }
    struct connection *known = map_lookup(&connections, flow);
    if (!known)
        return 0;
    u32 number = known->backend;
    struct backend *backend = map_lookup(&backends, &number);
    if (!backend)
        return 0;
    u32 reason = check_known(packet, known, backend, now);
    if (reason != READ) {
        count(reason);
        choice->is_left = 1;
        forget_recent(flow);
        return 0;
    }
    choice->backend = number;
    choice->port = known->port;
    choice->is_known = 1;
    if (!packet->is_error)
        touch(packet, known, choice, now);
    if (is_recent)
        note_recent(&digest, describe_recent(number, backend->generation, now, choice->port));
    return backend;
}

// The backend in a slot, if it is there and did not fail.
INLINE struct backend *try_slot(void *ring, u64 hash, const struct vip *vip, struct choice *choice)
{
    u32 slot = below(hash, vip->slots);
    u32 *found = map_lookup(ring, &slot);
    if (!found)
        return 0;
    u32 number = *found;
    struct backend *backend = map_lookup(&backends, &number);
    if (!backend || !(backend->flags & BACKEND_UP))
        return 0;
    choice->backend = number;
    return backend;
}

SEPARATE int try_more_slots(const struct vip *vip, struct choice *choice)
{
    if (!vip || !choice)
        return 0;
    u32 number = vip->number;
    void *ring = map_lookup(&rings, &number);
    u64 hash = choice->hash;
    for (int i = 0; ring && i < TRIES - 1; i++) {
        count(SAW_NEXT);
        hash = mix(hash, i);
        if (try_slot(ring, hash, vip, choice))
            return 1;
    }
    count(SAW_NEXT);
    return 0;
}

INLINE u32 choose_by_ring(const struct packet *packet, const struct vip *vip, struct choice *choice, struct backend **to)
{
    u32 number = vip->number;
    void *ring = map_lookup(&rings, &number);
    if (!ring)
        return DROPPED_NO_RING;
    choice->hash = hash_of(&packet->flow, vip->flags & VIP_BY_SOURCE);
    *to = try_slot(ring, choice->hash, vip, choice);
    if (!*to && try_more_slots(vip, choice)) {
        number = choice->backend;
        *to = map_lookup(&backends, &number);
    }
    if (!*to)
        return DROPPED_NO_BACKEND;
    count(SAW_CHOSEN);
    return READ;
}

INLINE int is_translated(const struct backend *backend)
{
    return backend->forwarding == FORWARD_NAT || backend->forwarding == FORWARD_FULL_NAT;
}

// Answers of NAT need the tables, whatever the vip forgets.
SEPARATE int recall_translated(const struct packet *packet, struct choice *choice)
{
    if (!packet || !choice)
        return 0;
    u32 number = choice->backend;
    struct backend *backend = map_lookup(&backends, &number);
    struct flow flow ALIGNED = packet->flow;
    return backend && is_translated(backend) && choose_known(packet, &flow, choice) != 0;
}

INLINE u32 choose(struct packet *packet, struct vip *vip, struct choice *choice, struct backend **to)
{
    int forgets = vip->flags & VIP_FORGETS;
    if (has_connections && !forgets) {
        *to = choose_known(packet, &packet->flow, choice);
        if (*to)
            return READ;
    }
    u32 reason = choose_by_ring(packet, vip, choice, to);
    if (has_nat && forgets && reason == READ && recall_translated(packet, choice)) {
        u32 number = choice->backend;
        *to = map_lookup(&backends, &number);
    }
    return reason;
}

INLINE int is_stored(const struct packet *packet)
{
    return !packet->is_error &&
           (packet->flow.protocol == PROTOCOL_UDP || !(packet->flags & (TCP_SYN | TCP_FIN | TCP_RST)));
}

INLINE void store(const struct flow *flow, u32 number, u32 generation, u16 port)
{
    struct connection fresh = {
        .backend = number,
        .generation = generation,
        .seen = tick(),
        .port = port,
    };
    map_update(&connections, flow, &fresh, ANY);
    count(SAW_STORED);
}

// An older connection with these ports must not lead the packets of a new one.
INLINE void forget(const struct flow *flow, const struct choice *choice)
{
    if (choice->is_left)
        map_delete(&connections, flow);
}

// Whether the table has to know of it: nearly all that are chosen for by the ring are the first of a handshake.
INLINE int is_noted(const struct packet *packet, const struct choice *choice) { return !opens(packet) || choice->is_left; }

// For ways of forwarding that the ring alone can choose for.
SEPARATE int remember(const struct packet *packet, const struct choice *choice, u32 generation)
{
    if (!packet || !choice)
        return 0;
    struct flow flow ALIGNED = packet->flow;
    if (opens(packet)) {
        forget(&flow, choice);
    } else if (is_stored(packet)) {
        if (may_store())
            store(&flow, choice->backend, generation, 0);
        else
            count(SAW_GUARDED);
    }
    return 0;
}
