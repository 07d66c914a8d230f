namespace Fulcrum.Bench.Proxies;

/// <summary>A proxy that can be measured, and how it is started.</summary>
/// <param name="Name">What it is called in the results.</param>
/// <param name="Configuration">A file below <c>bench/</c> in which <c>${NAME}</c> stands for what a run decides.</param>
/// <param name="Start">Runs it on a configuration, in a folder for what it writes.</param>
internal sealed record ProxyProgram(
    string Name,
    string Configuration,
    Func<string, string, Confinement, MeasuredProcess> Start
)
{
    private const int UsualBuffer = 16 * 1024;

    public static ProxyProgram Fulcrum { get; } =
        new("fulcrum", "proxy.yaml", MeasuredProcess.Fulcrum) { KnowsDatagrams = true, IsOurs = true };

    public static ProxyProgram Haproxy { get; } =
        new("haproxy", "haproxy.cfg", (file, _, place) => MeasuredProcess.Haproxy(file, place));

    /// <summary>The same with buffers like Fulcrum's.</summary>
    public static ProxyProgram HaproxyWithBuffers { get; } = Haproxy with { Name = "haproxy-64k", Buffer = 64 * 1024 };

    /// <summary>The same told to leave bytes in the kernel, as Fulcrum does without being told.</summary>
    public static ProxyProgram HaproxyWithSplice { get; } =
        Haproxy with
        {
            Name = "haproxy-splice",
            Option = "option splice-auto",
            Connections = 4000,
        };

    public static ProxyProgram Nginx { get; } =
        new("nginx", "nginx.conf", (file, _, place) => MeasuredProcess.Nginx(file, place)) { KnowsDatagrams = true };

    /// <summary>Not a proxy, but what the system calls of any of them cost (<see cref="Traffic.BareRelay"/>).</summary>
    public static ProxyProgram Bare { get; } =
        new("bare", "bare.conf", (file, _, place) => MeasuredProcess.Bare(file, place)) { IsFloor = true };

    public static IReadOnlyList<ProxyProgram> All { get; } =
    [Fulcrum, Haproxy, HaproxyWithBuffers, HaproxyWithSplice, Nginx, Bare];

    public bool KnowsDatagrams { get; private init; }

    /// <summary>It tells metrics at its socket.</summary>
    public bool IsOurs { get; private init; }

    public bool IsFloor { get; private init; }

    /// <summary>Its code is compiled as it is used.</summary>
    public bool IsCompiledLate => IsOurs || IsFloor;

    /// <summary>Bytes of a buffer, where that is asked for.</summary>
    public int Buffer { get; private init; } = UsualBuffer;

    /// <summary>So many it may have: with both ends of each, and with its pipes, as the usual limit of descriptors allows.</summary>
    public int Connections { get; private init; } = 9500;

    /// <summary>A line of its configuration beside the usual ones.</summary>
    public string Option { get; private init; } = "";

    public bool Does(Row row) =>
        IsFloor ? row.Goal?.OfFloor is not null
        : row.IsDatagrams ? KnowsDatagrams
        : row.IsBuffered || (Buffer == UsualBuffer && Option.Length == 0);
}
