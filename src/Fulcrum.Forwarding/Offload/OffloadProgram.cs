using System.Runtime.CompilerServices;
using Fulcrum.Forwarding.Embedding;
using Fulcrum.Forwarding.Offload.Tables;
using Fulcrum.Linux.Bpf.Maps;
using Fulcrum.Linux.Bpf.Objects;
using Fulcrum.Linux.Bpf.Programs;

namespace Fulcrum.Forwarding.Offload;

/// <summary>
/// The program that turns datagrams where packets come in, with its tables. What is set in them acts on the next packet.
/// It has no name in any file system: when this process ends, however it ends, the kernel takes all of it away.
/// </summary>
internal sealed class OffloadProgram : IDisposable
{
    private const string Resource = "offload.bpf.o";
    private const string Name = "offload";

    private static readonly (string Name, int Size, string Layout)[] Layouts =
    [
        (
            "path",
            Unsafe.SizeOf<PathKey>(),
            "40: source 0+16, destination 16+16, source_port 32+2, destination_port 34+2, pad 36+4"
        ),
        ("turn", Unsafe.SizeOf<TurnEntry>(), "48: to 0+40, tally 40+4, flags 44+4"),
        ("tally", Unsafe.SizeOf<TallyEntry>(), "32: datagrams 0+8, bytes 8+8, seen 16+8, pad 24+8"),
    ];

    private readonly BpfLoader _loader;
    private readonly BpfMap<uint, ulong> _missed;

    /// <param name="sessions">So many it has room for.</param>
    /// <exception cref="BpfRefusedException">The kernel's verifier says no.</exception>
    /// <exception cref="Linux.LinuxException">It lacks a right, or the kernel a kind of map.</exception>
    /// <exception cref="BpfObjectException">The program is not the one that this was written for.</exception>
    public OffloadProgram(int sessions)
    {
        _loader = new(EmbeddedObject.Read(Resource, Layouts));
        try
        {
            _loader.Resize("turns", 2 * sessions);
            _loader.Resize("tallies", 2 * sessions);
            Program = _loader.Load(Name);
            Turns = new(_loader.Map("turns"));
            Tallies = new(_loader.Map("tallies"));
            Accepting = new(_loader.Map("accepting"));
            _missed = new(_loader.Map("missed"));
        }
        catch
        {
            _loader.Dispose();
            throw;
        }
    }

    public BpfProgram Program { get; }

    public BpfMap<PathKey, TurnEntry> Turns { get; }

    public BpfArrayMemory<TallyEntry> Tallies { get; }

    /// <summary>Indices of interfaces that take in what has a source of this machine.</summary>
    public BpfMap<uint, uint> Accepting { get; }

    /// <summary>How many datagrams were left to user space for that reason.</summary>
    public ulong Count(Miss reason) => _missed.TryGet((uint)reason, out ulong count) ? count : 0;

    public void Dispose()
    {
        Program.Dispose();
        Turns.Dispose();
        Tallies.Dispose();
        Accepting.Dispose();
        _missed.Dispose();
        _loader.Dispose();
    }
}
