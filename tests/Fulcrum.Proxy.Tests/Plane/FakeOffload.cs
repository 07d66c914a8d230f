using System.Collections.Concurrent;
using Fulcrum.Engine.Ports;

namespace Fulcrum.Proxy.Tests.Plane;

/// <summary>A kernel that is told of sessions, and passes what a test says that it has passed.</summary>
internal sealed class FakeOffload(int places) : IDatagramOffload
{
    private readonly DatagramTally[] _toBackend = new DatagramTally[places];
    private readonly DatagramTally[] _toClient = new DatagramTally[places];

    public int Places => places;

    public string? Trouble { get; set; }

    /// <summary>What it answers.</summary>
    public bool Takes { get; set; } = true;

    /// <summary>The sessions that it has, by their places.</summary>
    public ConcurrentDictionary<int, DatagramPaths> Taken { get; } = new();

    /// <summary>How often it was told.</summary>
    public int Told;

    public bool TryTake(int place, in DatagramPaths paths)
    {
        Interlocked.Increment(ref Told);
        if (Takes && !Taken.ContainsKey(place))
        {
            Taken[place] = paths;
        }
        return Takes;
    }

    public void Leave(in DatagramPaths paths)
    {
        foreach (var (place, taken) in Taken)
        {
            if (taken == paths)
            {
                Taken.TryRemove(place, out _);
            }
        }
    }

    public DatagramTally ToBackend(int place) => _toBackend[place];

    public DatagramTally ToClient(int place) => _toClient[place];

    /// <summary>So much has passed, and the last of it so long ago.</summary>
    public void Pass(int place, int datagrams, int bytes, TimeSpan silence = default)
    {
        _toBackend[place] = After(_toBackend[place], datagrams, bytes, silence);
        _toClient[place] = After(_toClient[place], datagrams, 2 * bytes, silence);
    }

    private static DatagramTally After(DatagramTally before, int datagrams, int bytes, TimeSpan silence) =>
        new(before.Datagrams + datagrams, before.Bytes + bytes, (long)silence.TotalMilliseconds);
}
