using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Sockets;
using System.Runtime.ExceptionServices;

namespace Fulcrum.TestKit.Namespaces;

/// <summary>
/// A network namespace of the test's own (network_namespaces(7)), with loopback up. A thread is moved into it by
/// setns(2); what that thread opens or starts belongs to the namespace for good, so sockets made inside are
/// afterwards awaited from any thread, and a process started inside keeps its pid and needs no wrapper.
/// </summary>
/// <remarks>
/// The name carries the pid of the test process. <see cref="Dispose"/> ends what still runs inside and removes the
/// namespace; a run that was killed leaves its namespaces behind, and the next one sweeps them away.
/// </remarks>
public sealed class NetworkNamespace : IDisposable
{
    private static readonly ConcurrentDictionary<string, NetworkNamespace> Alive = new(StringComparer.Ordinal);
    private static readonly Lazy<bool> Prepared = new(Prepare);
    private static int _made;

    private const int Kill = 9;

    private readonly Lazy<NamespaceThread> _thread;
    private readonly string _identity;

    private NetworkNamespace(string name)
    {
        Name = name;
        Tool.Run("ip", "netns", "add", name);
        _identity = Run(() =>
        {
            SystemCalls.RaiseLoopback();
            return IdentityOf("thread-self")!;
        });
        _thread = new Lazy<NamespaceThread>(() => new NamespaceThread(this));
    }

    /// <summary>The name as <c>ip netns</c> knows it.</summary>
    public string Name { get; }

    private string File => $"/run/netns/{Name}";

    /// <summary>Makes a namespace; <paramref name="purpose"/> is part of its name. Skips the test without root.</summary>
    public static NetworkNamespace Create(string purpose)
    {
        Require.Root();
        _ = Prepared.Value;
        var created = new NetworkNamespace(
            NamespaceNames.Make(Environment.ProcessId, Interlocked.Increment(ref _made), purpose)
        );
        Alive[created.Name] = created;
        return created;
    }

    /// <summary>Runs <c>ip</c> inside.</summary>
    public string Ip(params ReadOnlySpan<string> arguments) => Tool.Run("ip", ["-n", Name, .. arguments]);

    /// <summary>Runs several commands of <c>ip</c> inside, by one process: in a guest each costs a twentieth of a second.</summary>
    public void IpBatch(params ReadOnlySpan<string> commands) =>
        Tool.RunWithInput("ip", string.Join('\n', commands) + "\n", "-n", Name, "-batch", "-");

    /// <summary>Runs any tool inside.</summary>
    public string Run(string command, params string[] arguments) => Run(() => Tool.Run(command, arguments));

    /// <summary>Sets a kernel parameter of the namespace: <c>net.ipv4.ip_forward</c>.</summary>
    public void Sysctl(string name, string value) =>
        Run(() => System.IO.File.WriteAllText($"/proc/sys/{name.Replace('.', '/')}", value));

    /// <summary>Runs <paramref name="action"/> on a thread of its own inside, and waits for it. Exceptions come through.</summary>
    public void Run(Action action) =>
        Run<object?>(() =>
        {
            action();
            return null;
        });

    /// <inheritdoc cref="Run(Action)"/>
    public T Run<T>(Func<T> function)
    {
        T result = default!;
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                EnterOnThisThread();
                result = function();
            }
            catch (Exception e)
            {
                failure = ExceptionDispatchInfo.Capture(e);
            }
        })
        {
            IsBackground = true,
            Name = Name,
        };
        thread.Start();
        thread.Join();
        failure?.Throw();
        return result;
    }

    /// <summary>A socket that belongs to the namespace, whoever connects or awaits it. Cheap enough for load.</summary>
    public Socket OpenSocket(AddressFamily family, SocketType type, ProtocolType protocol) =>
        _thread.Value.Call(() => new Socket(family, type, protocol));

    /// <summary>The same for SCTP, one association a socket.</summary>
    public Socket OpenSctpSocket(AddressFamily family) => _thread.Value.Call(() => SystemCalls.OpenSctp(family));

    /// <summary>A handler for <see cref="HttpClient"/> whose connections start inside.</summary>
    public SocketsHttpHandler HttpHandler() =>
        new()
        {
            UseProxy = false,
            ConnectCallback = async (context, cancellation) =>
            {
                var socket = OpenSocket(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp);
                try
                {
                    socket.DualMode = true;
                    await socket.ConnectAsync(context.DnsEndPoint, cancellation);
                    return new NetworkStream(socket, ownsSocket: true);
                }
                catch
                {
                    socket.Dispose();
                    throw;
                }
            },
        };

    /// <summary>Starts a process inside; its pid is the program's.</summary>
    public void Start(Process process) =>
        Run(() =>
        {
            process.Start();
        });

    public void Dispose()
    {
        if (!Alive.TryRemove(Name, out _))
        {
            return;
        }

        if (_thread.IsValueCreated)
        {
            _thread.Value.Dispose();
        }

        // Processes first: a namespace lives as long as its last process, whatever its name does.
        foreach (var process in Directory.EnumerateDirectories("/proc").Select(Path.GetFileName))
        {
            if (int.TryParse(process, out var pid) && IdentityOf(process) == _identity)
            {
                SystemCalls.Signal(pid, Kill);
            }
        }

        SystemCalls.Detach(File);
        System.IO.File.Delete(File);
    }

    public override string ToString() => Name;

    internal void EnterOnThisThread() => SystemCalls.EnterNetworkNamespace(File);

    private static bool Prepare()
    {
        foreach (var name in NamespaceNames.LeftBehind(Existing(), NamespaceNames.ProcessLives))
        {
            Remove(name);
        }

        AppDomain.CurrentDomain.ProcessExit += static (_, _) =>
        {
            foreach (var left in Alive.Values)
            {
                left.Dispose();
            }
        };
        return true;
    }

    /// <summary>By what the kernel tells namespaces apart: <c>net:[4026531840]</c>. Null: there is no such process any more.</summary>
    private static string? IdentityOf(string process)
    {
        try
        {
            return new FileInfo($"/proc/{process}/ns/net").LinkTarget;
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static IEnumerable<string> Existing() =>
        Directory.Exists("/run/netns")
            ? Directory.EnumerateFiles("/run/netns").Select(Path.GetFileName).OfType<string>()
            : [];

    /// <summary>What a run left that was killed.</summary>
    private static void Remove(string name)
    {
        foreach (
            var pid in Tool.Try("ip", "", "netns", "pids", name)
                .Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
        )
        {
            SystemCalls.Signal(int.Parse(pid), Kill);
        }

        Tool.Try("ip", "", "netns", "del", name);
    }
}
