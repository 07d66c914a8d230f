// NAT: the backend gets the packet under its own address and port, and its answers come back through this node, which
// gives them the vip's. With full NAT the client's address and port become ours, too; then the backend needs no route that
// leads through this node.
//
// Answers are known by the flow that they have: the table of translations tells what they become, and the way back. That is
// the way that the client's packet came, which needs no route and no neighbor to be known here.
//
// A SYN has to leave something behind, or its answer would be nobody's. That goes into a table of its own: a flood of SYN
// washes out other handshakes, but no connection. The first packet after the SYN moves it to the table of connections.
//
// Where only the destination is changed the client keeps its port. But if it comes by the same port to two vips whose
// answers would be the same, as with one backend behind both, the second gets a port as with full NAT: its backend sees
// another port of the client's, which it was never promised to be the client's own.
//
// The port that full NAT takes comes from the hash of the flow, with a few more tries. So a SYN that is sent again finds
// what the first one left; and the packet after it, too, of which the table of connections knows nothing yet.
//
// Both tables forget what was not used for the longest time, each for itself. Once a tick a packet of the client looks
// whether the answers' entry is still there, refreshes it, and makes it again under the same port.
#pragma once
#include "choose.h"
#include "length.h"
#include "tap.h"
#include "translate.h"

enum { PORT_TRIES = 8 };

INLINE struct pairing *own_pairing(void)
{
    u32 zero = 0;
    return map_lookup(&pairings, &zero);
}

INLINE int is_same(const struct translation *one, const struct translation *other)
{
    return one->source_port == other->source_port && one->destination_port == other->destination_port &&
           is_same_address(one->source, other->source) && is_same_address(one->destination, other->destination);
}

INLINE int make(const struct pairing *pairing)
{
    const struct flow *answer = &pairing->answer;
    const struct translation *fresh = &pairing->translation;
    return (pairing->is_opening ? map_update(&handshakes, answer, fresh, NEW) : map_update(&translations, answer, fresh, NEW)) == 0;
}

// Whether answers may have this flow: it is free, or it was ours already. After its handshake it is one of a connection.
INLINE int claim(const struct pairing *pairing)
{
    struct translation *found = map_lookup(&translations, &pairing->answer);
    if (found)
        return is_same(found, &pairing->translation);
    found = map_lookup(&handshakes, &pairing->answer);
    if (!found)
        return pairing->may_make && make(pairing);
    if (!is_same(found, &pairing->translation))
        return 0;
    if (pairing->is_opening)
        return 1;
    map_delete(&handshakes, &pairing->answer);
    return make(pairing);
}

// The port by which the backend can know the client is that of the answer then. 0: there is none.
SEPARATE int find_pair(void)
{
    struct pairing *pairing = own_pairing();
    if (!pairing)
        return 0;
    if (!pairing->is_full) {
        pairing->answer.destination_port = pairing->translation.destination_port;
        if (claim(pairing))
            return 1;
    }
    u64 hash = pairing->hash;
    for (int i = 0; i < PORT_TRIES; i++) {
        pairing->answer.destination_port = SWAP16((u16)(first_port + below(hash, port_count)));
        if (claim(pairing))
            return 1;
        hash = mix(hash, i);
    }
    return 0;
}

// What a connection that the table knows needs once a tick.
SEPARATE int keep_pair(void)
{
    struct pairing *pairing = own_pairing();
    if (!pairing)
        return 0;
    struct translation *found = map_lookup(&translations, &pairing->answer);
    if (!found)
        return make(pairing);
    found->seen = pairing->translation.seen;
    found->interface = pairing->translation.interface;
    found->tags = pairing->translation.tags;
    copy_hardware(found->hardware, pairing->translation.hardware);
    copy_hardware(found->source_hardware, pairing->translation.source_hardware);
    return 1;
}

INLINE void describe_answer(struct flow *answer, const struct flow *to)
{
    copy_address(answer->source, to->destination);
    copy_address(answer->destination, to->source);
    describe_ports(answer, to->destination_port, to->source_port, to->protocol);
}

INLINE int describe_return(struct view view, const struct packet *packet, struct translation *to)
{
    struct ethernet *ethernet = (struct ethernet *)view.data;
    if ((u8 *)(ethernet + 1) > view.end)
        return 0;
    copy_address(to->source, packet->flow.destination);
    copy_address(to->destination, packet->flow.source);
    to->source_port = packet->flow.destination_port;
    to->destination_port = packet->flow.source_port;
    to->seen = tick();
    to->interface = packet->ingress;
    to->tags = packet->tags;
    copy_hardware(to->hardware, ethernet->source);
    copy_hardware(to->source_hardware, ethernet->destination);
    return 1;
}

// After a handshake there is a pair; only where another node saw it, one is made. UDP begins with any packet.
INLINE u32 pair_up(struct packet *packet, const struct choice *choice, struct pairing *pairing, u32 generation)
{
    if (is_stored(packet) && !may_store())
        return DROPPED_GUARDED;
    pairing->is_opening = opens(packet);
    pairing->may_make = pairing->is_opening || packet->flow.protocol == PROTOCOL_UDP;
    int is_found = find_pair();
    if (!is_found && !pairing->may_make && is_stored(packet)) {
        pairing->may_make = 1;
        is_found = find_pair();
    }
    if (!is_found)
        return DROPPED_NO_PORT;
    if (pairing->is_opening)
        forget(&packet->flow, choice);
    else if (is_stored(packet))
        store(&packet->flow, choice->backend, generation, pairing->answer.destination_port);
    return READ;
}

// What the packet becomes. Of a flow that is not known the port is found out later.
INLINE void describe_target(const struct packet *packet, const struct backend *backend, const struct choice *choice, struct flow *to)
{
    int is_full = backend->forwarding == FORWARD_FULL_NAT;
    copy_address(to->source, is_full ? backend->source : packet->flow.source);
    copy_address(to->destination, backend->address);
    describe_ports(to, choice->is_known ? choice->port : packet->flow.source_port,
                   backend->port ? backend->port : packet->flow.destination_port, packet->flow.protocol);
}

FUNCTION enum reason prepare_nat(hook *context, struct packet *packet, const struct choice *choice, struct flow *to, u32 vip)
{
    u32 number = choice->backend;
    struct backend *backend = map_lookup(&backends, &number);
    if (!backend)
        return DROPPED_NO_BACKEND;
    struct pairing *pairing = own_pairing();
    if (!pairing)
        return DROPPED_UNKNOWN;
    pairing->hash = choice->hash;
    pairing->is_full = backend->forwarding == FORWARD_FULL_NAT;
    describe_answer(&pairing->answer, to);
    if (!describe_return(look(context), packet, &pairing->translation))
        return DROPPED_CUT;
    pairing->translation.backend = number;
    pairing->translation.vip = vip;
    if (choice->is_known) {
        keep_pair();
        return READ;
    }
    u32 reason = pair_up(packet, choice, pairing, backend->generation);
    to->source_port = pairing->answer.destination_port;
    return reason;
}

INLINE u32 send_nat(hook *context, struct packet *packet, const struct backend *backend, struct choice *choice, u32 vip)
{
    if (((backend->flags & BACKEND_IPV6) != 0) != packet->is_ipv6)
        return DROPPED_FAMILY;
    // Who tells of a packet that nobody sent?
    if (packet->is_error && !choice->is_known)
        return PASSED_UNRELATED;
    struct flow to ALIGNED;
    describe_target(packet, backend, choice, &to);
    u32 reason = choice->is_known && !choice->is_due ? READ : prepare_nat(context, packet, choice, &to, vip);
    if (reason == READ)
        reason = translate(context, packet, &to);
    if (reason == READ)
        reason = send_direct(context, packet, backend);
    return reason == SENT_DIRECT ? SENT_NAT : reason;
}

// A packet that is for no vip: maybe a backend's answer.
INLINE u32 send_answer(hook *context, struct packet *packet)
{
    struct translation *found = map_lookup(&translations, &packet->flow);
    if (!found)
        found = map_lookup(&handshakes, &packet->flow);
    if (!found)
        return packet->is_error ? PASSED_UNRELATED : PASSED_NOT_VIP;
    u32 reason = check_length(context, packet);
    if (reason != READ)
        return reason;
    if (packet->ttl <= 1)
        return DROPPED_EXPIRED;
    struct flow to ALIGNED;
    describe_ports(&to, found->source_port, found->destination_port, packet->flow.protocol);
    copy_address(to.source, found->source);
    copy_address(to.destination, found->destination);
    reason = translate(context, packet, &to);
    if (reason == READ)
        reason = take_hop(context, packet);
    if (reason == READ)
        reason = address_frame(context, packet, &found->tags, found->hardware);
    if (reason != READ)
        return reason;
    packet->egress = found->interface;
    tap_answer(packet, &to);
    u32 backend = found->backend, vip = found->vip;
    count_answer(&backend_traffic, &backend, packet);
    count_answer(&vip_traffic, &vip, packet);
    return SENT_ANSWER;
}
