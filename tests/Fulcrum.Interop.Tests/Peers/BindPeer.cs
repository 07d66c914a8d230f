using System.Net;
using Fulcrum.TestKit;
using Fulcrum.TestKit.Load;
using Fulcrum.TestKit.Namespaces;
using Fulcrum.TestKit.Peers;

namespace Fulcrum.Interop.Tests.Peers;

/// <summary>BIND 9 at port 53 of 127.0.0.1, with one zone, example.com; it refuses what it is asked beyond.</summary>
public sealed class BindPeer : Peer
{
    /// <summary>So many texts at one name: no datagram without EDNS holds them.</summary>
    public const int ManyTexts = 20;

    private BindPeer(NetworkNamespace home)
        : base("named", home) { }

    public static async Task<BindPeer> Start(NetworkNamespace home)
    {
        var program = Require.Tool("named");
        var peer = new BindPeer(home);
        var folder = peer.Folder.FullName;
        var zone = peer.Folder.Write("zone", Zone());
        var file = peer.Folder.Write(
            "named.conf",
            $$"""
            options {
              directory "{{folder}}";
              pid-file none;
              listen-on port 53 { 127.0.0.1; };
              listen-on-v6 { none; };
              recursion no;
              dnssec-validation no;
              notify no;
            };
            controls { };
            zone "example.com" { type primary; file "{{zone}}"; };
            zone "2.0.192.in-addr.arpa" { type primary; file "{{zone}}"; };

            """
        );
        // Debian's AppArmor profile knows the program by its path, and would let it read nothing here.
        var copy = peer.Folder.PathOf("named");
        File.Copy(program, copy);
        await peer.StartAsync(copy, ["-g", "-n", "1", "-c", file]);
        return peer;
    }

    protected override async Task<bool> IsReady()
    {
        var answer = await DnsClient.Ask(
            Home,
            new(IPAddress.Loopback, 53),
            "one.example.com",
            DnsType.A,
            TimeSpan.FromMilliseconds(250)
        );
        return answer.Message is { Answers.Count: > 0 };
    }

    private static string Zone()
    {
        var many = Enumerable.Range(1, ManyTexts).Select(i => $"many TXT \"{i} {new string('x', 200)}\"\n");
        return $$"""
            $TTL 60
            @ SOA ns1.example.com. admin.example.com. 7 3600 600 86400 60
            @ NS ns1.example.com.
            @ NS ns2.example.com.
            @ MX 10 mail.example.com.
            @ CAA 0 issue "ca.example.net"
            ns1 A 192.0.2.53
            ns2 A 192.0.2.54
            one A 192.0.2.1
            one AAAA 2001:db8::1
            two A 192.0.2.1
            two A 192.0.2.2
            www CNAME web
            web CNAME one
            away CNAME www.example.net.
            loop1 CNAME loop2
            loop2 CNAME loop1
            _http._tcp SRV 1 2 8080 one.example.com.
            text TXT "v=spf1 -all"
            long TXT "{{new string('a', 200)}}" "{{new string('b', 100)}}"
            1 PTR one.example.com.
            {{string.Concat(many)}}

            """;
    }
}
