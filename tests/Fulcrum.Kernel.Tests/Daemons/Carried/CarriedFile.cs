using System.Net;
using Fulcrum.Kernel.Tests.Kit;

namespace Fulcrum.Kernel.Tests.Daemons.Carried;

/// <summary>The file of <see cref="CarriedServices"/>: each service is another kind of traffic.</summary>
internal static class CarriedFile
{
    /// <summary>Vips on interfaces of all kinds, and the services of both families.</summary>
    /// <param name="behind">Backends whose answers go by way of the director.</param>
    /// <param name="beside">Backends that answer clients themselves, unless their source is one of the director's.</param>
    /// <param name="sources">Addresses of the director on the backends' network, in a row.</param>
    public static string Of(RealServer[] behind, RealServer[] beside, Func<bool, IPAddress[]> sources) =>
        $$"""
            interfaces:
              eth0.100: { vlan: 100, on: eth0, addresses: [10.100.0.2/24, 'fd00:100::2/64'] }
              mac0: { macvlan: bridge, on: eth0 }
              quiet0: { dummy: true }
            vips:
              front: { {{Vip(VipsOf.Front)}}, on: eth0, up-when: always, active: every-node }
              every: { {{Vip(VipsOf.EveryPort)}}, on: eth0, up-when: always, active: every-node }
              marked: { {{Vip(VipsOf.Marked)}}, on: eth0, up-when: always, active: every-node }
              vlan: { {{Vip(VipsOf.Vlan, "/24", "/64")}}, on: eth0.100, up-when: always, active: every-node }
              macvlan: { {{Vip(VipsOf.Macvlan)}}, on: mac0, up-when: always, active: every-node }
              quiet: { {{Vip(VipsOf.Dummy)}}, on: quiet0, up-when: always, active: every-node }
              own: { {{Vip(VipsOf.OwnDummy)}}, on: dummy, up-when: always, active: every-node }
            services:
              marked:
                listen: mark://77
                forward: nat
                backends: [{{List(behind, isSix: false, "")}}, {{List(behind, isSix: true, "")}}]
            {{Services(behind, beside, sources(false), isSix: false)}}
            {{Services(behind, beside, sources(true), isSix: true)}}
            """;

    private static string Services(RealServer[] behind, RealServer[] beside, IPAddress[] sources, bool isSix)
    {
        var number = isSix ? 6 : 4;
        var front = Text(VipsOf.Front(isSix));
        var web = List(behind, isSix, ":8080");
        return $$"""
              range{{number}}:
                listen: 'tcp://{{front}}:5000-5999'
                forward: nat
                backends: [{{List(behind, isSix, "")}}]
              direct{{number}}:
                listen: 'tcp://{{front}}:6000-6999'
                forward: dsr
                backends: [{{List(beside, isSix, "")}}]
              every{{number}}:
                listen: 'tcp://{{Text(VipsOf.EveryPort(isSix))}}:*'
                forward: nat
                backends: [{{List(behind, isSix, "")}}]
              together{{number}}:
                listen: ['tcp://{{front}}:8000', 'tcp://{{front}}:8001', 'udp://{{front}}:8002']
                together: true
                forward: nat
                persist: 5m
                backends: [{{List(behind, isSix, "")}}]
              source{{number}}:
                listen: 'tcp://{{front}}:81'
                forward: nat
                connect: { source: [{{string.Join(", ", sources.Select(one => $"'{one}'"))}}] }
                backends: [{{List(beside, isSix, ":8080")}}]
              persist{{number}}:
                listen: 'tcp://{{front}}:82'
                forward: nat
                persist: { timeout: 5m, mask-ipv4: 24, mask-ipv6: 64 }
                backends: [{{web}}]
              few{{number}}:
                listen: 'tcp://{{front}}:83'
                forward: nat
                backends: [{{string.Join(
                ", ",
                behind.Select(server => $"{{ address: '{Text(server.Address(isSix))}:8080', max-connections: 1 }}")
            )}}]
              drain{{number}}:
                listen: 'tcp://{{front}}:84'
                forward: nat
                sessions: { drain: 8s }
                backends: [{{web}}]
              one-way{{number}}:
                listen: 'udp://{{front}}:55'
                forward: nat
                sessions: { one-packet: true }
                backends: [{{List(behind, isSix, ":53")}}]
              once{{number}}:
                listen: 'udp://{{front}}:53'
                forward: dsr
                sessions: { one-packet: true }
                backends: [{{List(beside, isSix, ":53")}}]
              flow{{number}}:
                listen: 'udp://{{front}}:54'
                forward: nat
                backends: [{{List(behind, isSix, ":53")}}]
              flow-range{{number}}:
                listen: 'udp://{{front}}:20000-20999'
                forward: nat
                backends: [{{List(behind, isSix, "")}}]
              sctp-range{{number}}:
                listen: 'sctp://{{front}}:4000-4999'
                forward: nat
                backends: [{{List(behind, isSix, "")}}]
              mixed{{number}}:
                listen: 'tcp://{{front}}:85'
                forward: tunnel
                backends: [{{List(beside, !isSix, "")}}]
              sctp{{number}}:
                listen: 'sctp://{{front}}:3868'
                forward: nat
                backends: [{{List(behind, isSix, ":3868")}}]
              sctp-direct{{number}}:
                listen: 'sctp://{{front}}:3869'
                forward: dsr
                backends: [{{List(beside, isSix, ":3869")}}]
              vlan{{number}}: { listen: 'tcp://{{Text(VipsOf.Vlan(isSix))}}:80', forward: nat, backends: [{{web}}] }
              vlan-range{{number}}:
                listen: 'tcp://{{Text(VipsOf.Vlan(isSix))}}:5000-5999'
                forward: nat
                backends: [{{List(behind, isSix, "")}}]
              macvlan{{number}}: { listen: 'tcp://{{Text(
                VipsOf.Macvlan(isSix)
            )}}:80', forward: nat, backends: [{{web}}] }
              dummy{{number}}: { listen: 'tcp://{{Text(VipsOf.Dummy(isSix))}}:80', forward: nat, backends: [{{web}}] }
              own{{number}}: { listen: 'tcp://{{Text(VipsOf.OwnDummy(isSix))}}:80', forward: nat, backends: [{{web}}] }
            """;
    }

    private static string Vip(Func<bool, IPAddress> of, string length = "", string length6 = "") =>
        $"address: [{of(false)}{length}, '{of(true)}{length6}']";

    private static string List(RealServer[] servers, bool isSix, string port) =>
        string.Join(", ", servers.Select(server => $"'{Text(server.Address(isSix))}{port}'"));

    private static string Text(IPAddress address) =>
        address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? $"[{address}]" : $"{address}";
}
