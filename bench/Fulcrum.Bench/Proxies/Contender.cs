using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Fulcrum.Bench.Traffic;

namespace Fulcrum.Bench.Proxies;

/// <summary>A proxy under test: a process on processors of its own, with a listener for each kind of traffic.</summary>
internal sealed class Contender : IDisposable
{
    private const int ScrapesOfRound = 60;
    private const int ScrapeRounds = 4;

    private static readonly TimeSpan StartBound = TimeSpan.FromSeconds(20);

    // The runtime begins to count calls when no new code was used for 100 ms, and compiles what has many after it.
    private static readonly TimeSpan CompileTime = TimeSpan.FromSeconds(0.5);

    private readonly MeasuredProcess _process;
    private readonly string _folder;

    private readonly Address _plain;
    private readonly Address _secure;

    private Contender(ProxyProgram program, MeasuredProcess process, string folder, Address plain, Address secure) =>
        (Program, _process, _folder, _plain, _secure) = (program, process, folder, plain, secure);

    public ProxyProgram Program { get; }

    public string Name => Program.Name;

    public MeasuredProcess Process => _process;

    private string NodeSocket => Path.Combine(_folder, "fulcrum.sock");

    /// <summary>Starts a proxy and waits until it accepts.</summary>
    /// <exception cref="InvalidOperationException">It ended, or did not listen in time; holds what it printed.</exception>
    public static Contender Start(ProxyProgram program, Backends backends, Place place, string state)
    {
        var folder = Directory.CreateDirectory(Path.Combine(state, Path.GetRandomFileName())).FullName;
        var port = Ports.Unused();
        var securePort = Ports.Unused();
        var values = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["LISTEN"] = $"{place.Proxy}:{port}",
            ["SECURE_LISTEN"] = $"{place.Proxy}:{securePort}",
            ["CERTIFICATE"] = OwnCertificate.FileIn(state),
            ["ADDRESS"] = place.Proxy,
            ["STREAM_BACKEND"] = $"{place.Backend}:{backends.Stream.Port}",
            ["DATAGRAM_BACKEND"] = $"{place.Backend}:{backends.Datagrams.Port}",
            ["LOOPS"] = place.Loops,
            ["BUFFER"] = program.Buffer,
            ["OPTION"] = program.Option,
            ["CONNECTIONS"] = program.Connections,
            ["FOLDER"] = folder,
        };
        var file = Path.Combine(folder, program.Configuration);
        File.WriteAllText(file, Fill(File.ReadAllText(Machine.PathOf($"bench/{program.Configuration}")), values));
        var host = Address.HostOf(place.Proxy);
        var contender = new Contender(
            program,
            program.Start(file, folder, place.Proxies),
            folder,
            new Address(host, port),
            new Address(host, securePort)
        );
        try
        {
            var target = new IPEndPoint(place.Proxy, port);
            contender._process.WaitUntil("listens", StartBound, () => Accepts(target));
            return contender;
        }
        catch
        {
            contender.Dispose();
            throw;
        }
    }

    /// <summary>Where it listens for a row's streams or datagrams.</summary>
    public Address AddressFor(Row row) => row.IsSecure ? _secure : _plain;

    /// <summary>Puts a row's load on it; its metrics are read meanwhile, where it has some.</summary>
    public Sample Measure(Row row, ILoad load, TimeSpan warmUp, TimeSpan duration)
    {
        using var scraper = Scrape();
        return load.Run(AddressFor(row), warmUp, duration, () => _process.Cpu) with
        {
            Memory = _process.ProportionalMemory,
            Agreed = load.Agreed,
        };
    }

    /// <summary>Reads the metrics as often as a node's are read in an hour, so that the code for it is compiled.</summary>
    public void WarmUpScrapes()
    {
        for (var round = 0; Program.IsOurs && round < ScrapeRounds; round++)
        {
            for (var scrapes = 0; scrapes < ScrapesOfRound; scrapes++)
            {
                _process.WaitUntil("tells its metrics", StartBound, () => Scraper.TryScrape(NodeSocket));
            }

            _process.Watch(CompileTime);
        }
    }

    private Scraper? Scrape() => Program.IsOurs ? new Scraper(NodeSocket) : null;

    public void Dispose() => _process.Dispose();

    private static string Fill(string text, Dictionary<string, object> values) =>
        values.Aggregate(
            text,
            (filled, value) =>
                filled.Replace(
                    $"${{{value.Key}}}",
                    Convert.ToString(value.Value, CultureInfo.InvariantCulture),
                    StringComparison.Ordinal
                )
        );

    private static bool Accepts(IPEndPoint target)
    {
        using var socket = new System.Net.Sockets.Socket(
            AddressFamily.InterNetwork,
            SocketType.Stream,
            ProtocolType.Tcp
        );
        try
        {
            socket.Connect(target);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
