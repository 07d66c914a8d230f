using Fulcrum.Bench.Proxies;
using Fulcrum.Bench.Traffic;

namespace Fulcrum.Bench.Offloading;

/// <summary>A node that passes datagrams on to one backend, with the kernel's help or without.</summary>
internal sealed class Relay : IDisposable
{
    private static readonly TimeSpan StartBound = TimeSpan.FromSeconds(20);

    /// <summary>The program is loaded while clients are served already.</summary>
    private static readonly TimeSpan LoadTime = TimeSpan.FromSeconds(3);

    private readonly MeasuredProcess _process;

    private Relay(MeasuredProcess process, Address address) => (_process, Address) = (process, address);

    public Address Address { get; }

    public TimeSpan Cpu => _process.Cpu;

    /// <param name="isOffloaded">The kernel may take over.</param>
    /// <param name="folder">For what it writes.</param>
    /// <exception cref="InvalidOperationException">It ended; holds what it printed.</exception>
    public static Relay Start(Place place, Address backend, bool isOffloaded, string folder)
    {
        Directory.CreateDirectory(folder);
        var port = Ports.Unused();
        var file = Path.Combine(folder, "fulcrum.yaml");
        File.WriteAllText(
            file,
            $$"""
            nodes:
              bench: { threads: 1, offload: [{{(isOffloaded ? "lo" : "")}}] }
            services:
              datagrams:
                listen: "udp://{{place.Proxy}}:{{port}}"
                sessions: { idle-timeout: 300s }
                backends: ["{{place.Backend}}:{{backend.Port}}"]
            """
        );
        var process = MeasuredProcess.Fulcrum(file, folder, place.Proxies);
        var relay = new Relay(process, new(Address.HostOf(place.Proxy), port));
        try
        {
            process.WaitUntil("is ready", StartBound, () => File.Exists(Path.Combine(folder, "fulcrum.sock")));
            process.Watch(LoadTime);
            return relay;
        }
        catch
        {
            relay.Dispose();
            throw;
        }
    }

    public void Dispose() => _process.Dispose();
}
