// What programs need of the kernel's interface for BPF (include/uapi/linux/bpf.h): numbers and layouts that never change.
// With this header clang alone builds them, whatever headers a machine has.
#pragma once

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;
typedef int s32;
typedef long long s64;

#define SEC(name) __attribute__((section(name), used))
#define ALIGNED __attribute__((aligned(8)))
#define INLINE static inline __attribute__((always_inline))
#define FUNCTION static __attribute__((noinline))
// One that the verifier looks at once and alone, whatever its callers know: it must not trust that a pointer is one, and
// takes none to a packet.
#define SEPARATE __attribute__((noinline))

// A map's parts: a number is the length of an array, a type what a pointer leads to.
#define NUMBER(name, value) int(*name)[value]
#define TYPE(name, type) typeof(type) *name
#define VALUES(map...) typeof(map) *values[]

enum map_type {
    MAP_HASH = 1,
    MAP_ARRAY = 2,
    MAP_PROGRAM_ARRAY = 3,
    MAP_PER_CPU_HASH = 5,
    MAP_PER_CPU_ARRAY = 6,
    MAP_LRU_HASH = 9,
    MAP_LONGEST_PREFIX = 11,
    MAP_ARRAY_OF_MAPS = 12,
    MAP_SOCKET_MAP = 15,
    MAP_RING_BUFFER = 27,
};

enum map_flag {
    NO_PREALLOCATION = 1,
    INNER_MAP = 0x1000,
};

// Of room that is made in a packet or taken from it.
enum room {
    ROOM_BEHIND_HARDWARE = 1,
    ROOM_KEEPS_SEGMENTS = 1, // the length of a joined packet's parts stays
    ROOM_LEAVES_IPV4 = 128,
    ROOM_LEAVES_IPV6 = 256,
};

enum store { STORE_SUMS = 1 }; // the sum that the kernel knows follows

enum update { ANY = 0, NEW = 1, PRESENT = 2 };

enum xdp_verdict { XDP_ABORTED = 0, XDP_DROP = 1, XDP_PASS = 2, XDP_TX = 3, XDP_REDIRECT = 4 };

enum tc_verdict { TC_NEXT = -1, TC_OK = 0, TC_DROP = 2, TC_REDIRECT = 7 };

enum socket_verdict { SOCKET_DROP = 0, SOCKET_PASS = 1 };

struct xdp_md {
    u32 data;
    u32 data_end;
    u32 data_meta;
    u32 ingress_ifindex;
    u32 rx_queue_index;
    u32 egress_ifindex;
};

struct __sk_buff {
    u32 len;
    u32 pkt_type;
    u32 mark;
    u32 queue_mapping;
    u32 protocol;
    u32 vlan_present;
    u32 vlan_tci;
    u32 vlan_proto;
    u32 priority;
    u32 ingress_ifindex;
    u32 ifindex;
    u32 tc_index;
    u32 cb[5];
    u32 hash;
    u32 tc_classid;
    u32 data;
    u32 data_end;
};

struct bpf_sk_lookup {
    union {
        void *sk;
        u64 cookie;
    };
    u32 family;
    u32 protocol;
    u32 remote_ip4;
    u32 remote_ip6[4];
    u16 remote_port;
    u16 : 16;
    u32 local_ip4;
    u32 local_ip6[4];
    u32 local_port;
    u32 ingress_ifindex;
};

// Helpers, by their numbers.
static void *(*const map_lookup)(void *map, const void *key) = (void *)1;
static long (*const map_update)(void *map, const void *key, const void *value, u64 flags) = (void *)2;
static long (*const map_delete)(void *map, const void *key) = (void *)3;
static u64 (*const time_now)(void) = (void *)5;
static u32 (*const random_number)(void) = (void *)7;
static u32 (*const processor_id)(void) = (void *)8;
static long (*const store_bytes)(struct __sk_buff *packet, u32 offset, const void *from, u32 length, u64 flags) = (void *)9;
static long (*const tail_call)(void *context, void *programs, u32 index) = (void *)12;
static long (*const redirect)(u32 interface, u64 flags) = (void *)23;
static long (*const pull)(struct __sk_buff *packet, u32 length) = (void *)39;
static long (*const xdp_adjust_head)(struct xdp_md *context, int delta) = (void *)44;
static long (*const adjust_room)(struct __sk_buff *packet, int difference, u32 mode, u64 flags) = (void *)50;
static long (*const xdp_adjust_tail)(struct xdp_md *context, int delta) = (void *)65;
static long (*const socket_release)(void *socket) = (void *)86;
static u64 (*const jiffies)(void) = (void *)118;
static long (*const socket_assign)(void *context, void *socket, u64 flags) = (void *)124;
static long (*const ring_output)(void *ring, const void *from, u64 length, u64 flags) = (void *)130;
static void *(*const ring_reserve)(void *ring, u64 size, u64 flags) = (void *)131;
static void (*const ring_submit)(void *data, u64 flags) = (void *)132;
static void (*const ring_discard)(void *data, u64 flags) = (void *)133;
static long (*const xdp_load_bytes)(struct xdp_md *context, u32 offset, void *to, u32 length) = (void *)189;
