using System.Runtime.CompilerServices;
using Fulcrum.Engine.Ports;
using Fulcrum.Forwarding.Embedding;
using Fulcrum.Forwarding.Wide.Tables;
using Fulcrum.Linux.Bpf.Links;
using Fulcrum.Linux.Bpf.Maps;
using Fulcrum.Linux.Bpf.Objects;
using Fulcrum.Linux.Bpf.Programs;

namespace Fulcrum.Forwarding.Wide;

/// <summary>
/// The program that finds the socket of what is for many addresses or ports, in this network namespace. It has no name in
/// any file system: when this process ends, however it ends, the kernel takes it away.
/// </summary>
internal sealed class LookupProgram : IDisposable
{
    private const string Resource = "lookup.bpf.o";
    private const string Space = "/proc/self/ns/net";

    private static readonly (string Name, int Size, string Layout)[] Layouts =
    [
        ("reach_key", Unsafe.SizeOf<ReachKey>(), "24: length 0+4, protocol 4+4, address 8+16"),
        ("reach", Unsafe.SizeOf<ReachEntry>(), "8: first 0+2, last 2+2, socket 4+4"),
    ];

    private readonly BpfLoader _loader;
    private readonly BpfProgram _program;
    private readonly BpfLink _link;
    private readonly BpfMap<ReachKey, ReachEntry> _reaches;
    private readonly BpfMap<uint, int> _sockets;
    private readonly Dictionary<ReachKey, uint> _numbers = [];

    /// <exception cref="BpfRefusedException">The kernel's verifier says no.</exception>
    /// <exception cref="Linux.LinuxException">It lacks a right, or the kernel something.</exception>
    public LookupProgram()
    {
        _loader = new(EmbeddedObject.Read(Resource, Layouts));
        try
        {
            _program = _loader.Load("lookup");
            _reaches = new(_loader.Map("reaches"));
            _sockets = new(_loader.Map("sockets"));
            using var space = File.OpenHandle(Space);
            _link = BpfLink.AttachSocketLookup(_program, space);
        }
        catch
        {
            _program?.Dispose();
            _loader.Dispose();
            throw;
        }
    }

    /// <summary>Leads to these, and to no others. Who is there already is led on all the while.</summary>
    /// <exception cref="Linux.LinuxException"/>
    public void Lead(IReadOnlyList<WideListener> listeners)
    {
        var wanted = listeners.ToDictionary(one => ReachKey.Of(one.IsDatagrams, one.First, one.PrefixLength));
        foreach (var gone in _numbers.Keys.Where(key => !wanted.ContainsKey(key)).ToList())
        {
            _ = _reaches.Remove(gone);
            _numbers.Remove(gone);
        }

        foreach (var (key, listener) in wanted)
        {
            if (!_numbers.TryGetValue(key, out var number))
            {
                number = Enumerable
                    .Range(0, int.MaxValue)
                    .Select(one => (uint)one)
                    .First(one => !_numbers.ContainsValue(one));
                _numbers[key] = number;
            }

            _sockets.Set(number, listener.Descriptor);
            _reaches.Set(key, new ReachEntry((ushort)listener.FirstPort, (ushort)listener.LastPort, number));
        }
    }

    public void Dispose()
    {
        _link.Dispose();
        _program.Dispose();
        _reaches.Dispose();
        _sockets.Dispose();
        _loader.Dispose();
    }
}
