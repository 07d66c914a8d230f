using System.Diagnostics;
using System.Globalization;
using System.Net;
using Fulcrum.Bench.Traffic;

namespace Fulcrum.Bench.Proxies;

/// <summary>
/// Addresses and processors, in network namespaces that are made and removed by the run: over the loopback device of one,
/// or over a pair of virtual network cards between two, of which the load has one, and the proxies the other. The
/// machine's own loopback has to do where no namespaces can be made.
/// </summary>
internal sealed class Place : IDisposable
{
    private const string NearCard = "near";
    private const string FarCard = "far";

    /// <summary>
    /// Which one a machine has decides what it is that is measured: some (BBR) set a timer for every send, which on a
    /// loopback device costs more than the sending does. Every namespace may have this one.
    /// </summary>
    private const string CongestionControl = "reno";

    private readonly string[] _namespaces;

    private Place(int[] processors, int loops, string[] namespaces, string proxy, string backend, string firstSource)
    {
        _namespaces = namespaces;
        Loops = loops;
        LoadProcessor = processors[0];
        // Never the load's: what the two would take from each other says nothing of the proxy.
        Proxies = new Confinement(processors[^Math.Min(loops, processors.Length - 1)..], namespaces.LastOrDefault());
        Proxy = IPAddress.Parse(proxy);
        Backend = IPAddress.Parse(backend);
        FirstSource = Address.HostOf(IPAddress.Parse(firstSource));
    }

    /// <summary>The load and the backend have this one.</summary>
    public int LoadProcessor { get; }

    /// <summary>Threads of each proxy.</summary>
    public int Loops { get; }

    /// <summary>Where the proxies are.</summary>
    public Confinement Proxies { get; }

    /// <summary>Proxies listen here.</summary>
    public IPAddress Proxy { get; }

    /// <summary>The backend is here.</summary>
    public IPAddress Backend { get; }

    /// <summary>The first flow of datagrams comes from here, each further one from the next address.</summary>
    public uint FirstSource { get; }

    public override string ToString()
    {
        var shared = Loops > Proxies.Processors.Length ? ", which they have to share" : "";
        return $"load and backend on processor {LoadProcessor}, {Loops} thread(s) of each proxy on "
            + $"{string.Join(" and ", Proxies.Processors)}{shared}; "
            + (
                _namespaces.Length switch
                {
                    0 => "over the machine's loopback",
                    1 => $"over loopback, with {CongestionControl}",
                    _ => $"over a veth pair, the proxies in a namespace of their own, with {CongestionControl}",
                }
            );
    }

    /// <summary>Null after telling why there is none.</summary>
    public static Place? Make(int loops, bool veth)
    {
        var processors = Machine.AllowedProcessors();
        if (processors.Length < 2)
        {
            Console.Error.WriteLine("two processors are needed: one is for the load");
            return null;
        }

        return veth ? MakeVeth(processors, loops) : MakeLoopback(processors, loops);
    }

    public void Dispose() => Array.ForEach(_namespaces, Delete);

    private static Place MakeLoopback(int[] processors, int loops)
    {
        var name = $"fulcrum-bench-{Environment.ProcessId.ToString(CultureInfo.InvariantCulture)}";
        var place = On(name);
        if (Environment.IsPrivilegedProcess && Ip($"netns add {name}") && SetUp(name))
        {
            Native.EnterNamespace($"/run/netns/{name}");
            return place;
        }

        place.Dispose();
        return On();

        Place On(params string[] namespaces) =>
            new(processors, loops, namespaces, "127.0.0.1", "127.0.0.1", "127.16.0.0");
    }

    /// <summary>Addresses for benchmarks (RFC 2544), so that a route of the machine is none of them.</summary>
    private static Place? MakeVeth(int[] processors, int loops)
    {
        var id = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        string[] namespaces = [$"fulcrum-bench-load-{id}", $"fulcrum-bench-proxy-{id}"];
        var (near, far) = (namespaces[0], namespaces[1]);
        string[] commands =
        [
            $"netns add {near}",
            $"netns add {far}",
            $"-n {near} link add {NearCard} type veth peer name {FarCard} netns {far}",
            $"-n {near} address add 198.18.0.1/24 dev {NearCard}",
            $"-n {far} address add 198.18.0.2/24 dev {FarCard}",
            $"-n {near} link set {NearCard} up",
            $"-n {far} link set {FarCard} up",
            $"-n {near} route add local 198.19.0.0/16 dev lo",
            $"-n {far} route add 198.19.0.0/16 via 198.18.0.1",
        ];
        var place = new Place(processors, loops, namespaces, "198.18.0.2", "198.18.0.1", "198.19.0.0");
        if (!commands.All(Ip) || !namespaces.All(SetUp))
        {
            Console.Error.WriteLine("--veth makes network namespaces, which wants root and ip(8)");
            place.Dispose();
            return null;
        }

        Native.EnterNamespace($"/run/netns/{near}");
        return place;
    }

    private static bool SetUp(string name) =>
        Ip($"-n {name} link set lo up")
        && Ip($"netns exec {name} sh -c \"echo {CongestionControl} >/proc/sys/net/ipv4/tcp_congestion_control\"");

    private static bool Ip(string arguments)
    {
        using var process = Process.Start("ip", arguments);
        process.WaitForExit();
        return process.ExitCode == 0;
    }

    private static void Delete(string name)
    {
        if (File.Exists($"/run/netns/{name}"))
        {
            Ip($"netns delete {name}");
        }
    }
}
