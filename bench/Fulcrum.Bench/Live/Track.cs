using System.Diagnostics;
using System.Globalization;
using Fulcrum.Bench.Traffic;
using Microsoft.Win32.SafeHandles;

namespace Fulcrum.Bench.Live;

/// <summary>
/// The network of the run: a namespace where frames begin and end, and for each lane another one between two pairs of
/// virtual network cards. Namespaces belong to threads and have no names: when the thread that made them has ended and
/// this is disposed, or the process dies, the kernel takes away all that is in them.
/// </summary>
internal sealed class Track : IDisposable
{
    /// <summary>The cards of a lane's namespace, where frames come in and go out.</summary>
    public const int In = 10;
    public const int Out = 11;

    private const int FirstStart = 100;
    private const int FirstEnd = 200;

    private readonly List<SafeFileHandle> _namespaces = [];
    private readonly string _ends;
    private int _lanes;

    /// <summary>From now on the calling thread, and no other, is at the ends.</summary>
    public Track() => _ends = MakeNamespace();

    /// <summary>A pair of cards without anything between them: where frames are sent, and where they come out.</summary>
    public (int Start, int End) AddDirect()
    {
        var (start, end) = Next();
        Run("ip", $"link add start{start} index {start} type veth peer name end{end} index {end}");
        return Raise(start, end);
    }

    /// <summary>A lane through a namespace of its own.</summary>
    /// <param name="hardware">Of the card where frames come in.</param>
    /// <param name="prepare">What there is in the namespace; the calling thread is there meanwhile.</param>
    public (int Start, int End) AddLane(string hardware, Action prepare)
    {
        var (start, end) = Next();
        MakeNamespace();
        try
        {
            Run(
                "ip",
                $"link add in index {In} address {hardware} type veth peer name start{start} index {start} netns {_ends}"
            );
            Run("ip", $"link add out index {Out} type veth peer name end{end} index {end} netns {_ends}");
            Run("ip", "link set in up");
            Run("ip", "link set out up");
            prepare();
        }
        finally
        {
            Native.EnterNamespace(_ends);
        }

        return Raise(start, end);
    }

    /// <summary>Runs a program where the calling thread is.</summary>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public static void Run(string program, string arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} {arguments}: {error.Trim()}");
        }
    }

    public void Dispose() => _namespaces.ForEach(one => one.Dispose());

    private (int Start, int End) Next() => (FirstStart + _lanes, FirstEnd + _lanes++);

    private static (int Start, int End) Raise(int start, int end)
    {
        Run("ip", $"link set start{start} up");
        Run("ip", $"link set end{end} up");
        return (start, end);
    }

    /// <returns>A file that is the namespace, for other processes too.</returns>
    private string MakeNamespace()
    {
        Native.MakeNamespace();
        var space = File.OpenHandle("/proc/thread-self/ns/net");
        _namespaces.Add(space);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"/proc/{Environment.ProcessId}/fd/{space.DangerousGetHandle()}"
        );
    }
}
