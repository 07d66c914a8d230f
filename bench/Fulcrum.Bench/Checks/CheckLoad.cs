using System.Globalization;

namespace Fulcrum.Bench.Checks;

/// <summary>What is checked, and how: the same for all contenders, in the language of each.</summary>
/// <param name="Backends">How many.</param>
/// <param name="Mortal">Of them, the last, that have a port of their own.</param>
/// <param name="Interval">Seconds between probes.</param>
/// <param name="Http">An HTTP request each; else a TCP connection.</param>
internal sealed record CheckLoad(int Backends, int Mortal, double Interval, bool Http)
{
    /// <summary>Backends in an upstream.</summary>
    public const int PerUpstream = 100;

    public const int Fall = 3;

    private const int Rise = 2;

    private const int HaproxySessions = 100;

    /// <summary>Two descriptors for each session, and some of its own.</summary>
    private const int HaproxyDescriptors = (2 * HaproxySessions) + 50;

    public static TimeSpan Timeout { get; } = TimeSpan.FromSeconds(1);

    public TimeSpan Period => TimeSpan.FromSeconds(Interval);

    public override string ToString() =>
        $"{Backends} {(Http ? "HTTP" : "TCP")} checks every {Text(Interval)} s, {Upstreams} upstreams and services";

    private int Upstreams => (Backends + PerUpstream - 1) / PerUpstream;

    /// <summary>The upstreams whose backends all are mortal, as explain knows them.</summary>
    public IEnumerable<string> MortalSubjects =>
        Enumerable.Range(0, Upstreams).TakeLast(Mortal / PerUpstream).Select(upstream => $"upstream/pool-{upstream}");

    /// <summary>JSON, which is read faster than YAML: upstreams, and a service for each.</summary>
    public void WriteFulcrum(TextWriter to, ushort port, ushort mortalPort)
    {
        var listen = Ports.Unused();
        var check = Http ? "\"http\": \"/\"" : "\"tcp\": {}";
        var timing = $"\"interval\": \"{Text(Interval)}s\", \"timeout\": \"1s\", \"rise\": {Rise}, \"fall\": {Fall}";
        to.WriteLine("{ \"upstreams\": {");
        Each(
            to,
            upstream =>
                $"\"pool-{upstream}\": {{ \"checks\": [{{ {check}, {timing} }}], \"backends\": [{string.Join(',', Members(upstream).Select(backend => $"\"{Target(backend, port, mortalPort)}\""))}] }}"
        );
        to.WriteLine("}, \"services\": {");
        Each(
            to,
            upstream =>
                $"\"service-{upstream}\": {{ \"listen\": \"tcp://127.1.{upstream >> 8}.{upstream & 255}:{listen}\", \"upstream\": \"pool-{upstream}\" }}"
        );
        to.WriteLine("} }");
    }

    /// <summary>
    /// As many of them as HAProxy can have: it wants a descriptor for each check, though few are under way at once, and
    /// does not start where the limit is lower.
    /// </summary>
    public CheckLoad ForHaproxy(long descriptors) =>
        this with
        {
            Mortal = 0,
            Backends = (int)Math.Min(Backends, (descriptors - HaproxyDescriptors) / PerUpstream * PerUpstream),
        };

    /// <summary>One thread, which is what it does with least; nothing else changed from its defaults.</summary>
    public void WriteHaproxy(TextWriter to, ushort port, ushort mortalPort)
    {
        to.WriteLine($"global\n  nbthread 1\n  maxconn {HaproxySessions}");
        to.WriteLine(
            "defaults\n  mode tcp\n  timeout connect 1s\n  timeout check 1s\n  timeout client 60s\n  timeout server 60s"
        );
        to.WriteLine($"  default-server check inter {Text(Interval * 1000)}ms rise {Rise} fall {Fall}");
        to.WriteLine(Http ? "  option httpchk GET /" : "");
        to.WriteLine($"frontend any\n  bind 127.0.0.1:{Ports.Unused()}\n  default_backend pool-0");
        for (var upstream = 0; upstream < Upstreams; upstream++)
        {
            to.WriteLine($"backend pool-{upstream}");
            foreach (var backend in Members(upstream))
            {
                to.WriteLine($"  server b{backend} {Target(backend, port, mortalPort)}");
            }
        }
    }

    private string Target(int backend, ushort port, ushort mortalPort) =>
        $"{Checks.Backends.Address(backend)}:{(backend < Backends - Mortal ? port : mortalPort)}";

    private IEnumerable<int> Members(int upstream) =>
        Enumerable.Range(upstream * PerUpstream, Math.Min(PerUpstream, Backends - (upstream * PerUpstream)));

    private void Each(TextWriter to, Func<int, string> write) =>
        to.WriteLine(string.Join(",\n", Enumerable.Range(0, Upstreams).Select(write)));

    private static string Text(double number) => number.ToString(CultureInfo.InvariantCulture);
}
