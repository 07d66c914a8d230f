// Leads what clients send to many addresses or ports to a few sockets (sk_lookup, Linux 5.9): one socket cannot be bound
// to a prefix, nor to all ports. Asked for each connection and datagram that no socket has yet. What is for nobody here is
// looked up as ever.
#include "bpf.h"
#include "../balancer/headers.h"

// Addresses have 16 bytes, those of IPv4 mapped. User space compares these layouts with its own.
struct reach_key {
    u32 length; // in bits: 32 and those of the address
    u32 protocol;
    u32 address[4];
};

struct reach {
    u16 first; // port
    u16 last;
    u32 socket;
};

struct {
    NUMBER(type, MAP_LONGEST_PREFIX);
    NUMBER(map_flags, NO_PREALLOCATION);
    NUMBER(max_entries, 1024);
    TYPE(key, struct reach_key);
    TYPE(value, struct reach);
} reaches SEC(".maps");

// Of a group of sockets that share a port one is named, and the kernel spreads over all. The kernel takes no types for
// such a map.
struct {
    NUMBER(type, MAP_SOCKET_MAP);
    NUMBER(max_entries, 1024);
    NUMBER(key_size, 4);
    NUMBER(value_size, 4);
} sockets SEC(".maps");

SEC("sk_lookup") int lookup(struct bpf_sk_lookup *context)
{
    struct reach_key key = {.length = 32 + 128, .protocol = context->protocol};
    // The verifier allows no reading from a place that was computed, which the compiler would make of two branches.
    u32 ipv4 = context->local_ip4;
    asm volatile("" : "+r"(ipv4));
    if (context->family == FAMILY_IPV6) {
        key.address[0] = context->local_ip6[0];
        key.address[1] = context->local_ip6[1];
        key.address[2] = context->local_ip6[2];
        key.address[3] = context->local_ip6[3];
    } else {
        key.address[2] = WIRE32(0xffffu);
        key.address[3] = ipv4;
    }
    struct reach *reach = map_lookup(&reaches, &key);
    if (!reach || context->local_port < reach->first || context->local_port > reach->last)
        return SOCKET_PASS;
    u32 number = reach->socket;
    void *socket = map_lookup(&sockets, &number);
    // A listener that is on its way out has none any more.
    if (!socket)
        return SOCKET_PASS;
    socket_assign(context, socket, 0);
    socket_release(socket);
    return SOCKET_PASS;
}

char terms[] SEC("license") = "Dual MIT/GPL";
