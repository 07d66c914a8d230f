using System.Runtime.InteropServices;
using Fulcrum.Linux.Bpf;
using Fulcrum.Linux.Bpf.Maps;
using Fulcrum.Linux.Bpf.Objects;
using Fulcrum.TestKit;

namespace Fulcrum.Linux.Tests.Bpf;

/// <summary>Programs that the kernel has taken, run without any interface.</summary>
public sealed class BpfLoaderTests
{
    private const uint Drop = 1;
    private const uint Pass = 2;

    public BpfLoaderTests() => Require.Root();

    [Fact]
    public void A_program_runs_with_its_functions_and_sees_what_maps_hold()
    {
        using var loader = new BpfLoader(Samples.Sample());
        using var program = loader.Load("choosing");
        using var ring = BpfMap.Make(loader.Map("rings").Spec.Inner!);
        Span<byte> key = stackalloc byte[4];
        key[0] = 3;
        ring.Set(key, [77, 0, 0, 0]);
        key[0] = 1;
        loader.Map("rings").Set(key, ring);

        var result = new byte[64];
        var run = program.Test(Samples.Packet(3), result);
        Assert.Equal((Pass, 64), (run.Verdict, run.Length));
        Assert.Equal((3, 77), (result[0], result[1]));

        // Another ring in its place.
        using var other = BpfMap.Make(ring.Spec);
        loader.Map("rings").Set(key, other);
        program.Test(Samples.Packet(3), result);
        Assert.Equal(0, result[1]);
    }

    [Fact]
    public void Frames_are_injected_and_each_is_seen()
    {
        var dropping = Samples.Sample();
        dropping.Constants.Set("verdict", Drop);
        using var loader = new BpfLoader(dropping);
        using var program = loader.Load("choosing");
        using var counters = new BpfMap<uint, ulong>(loader.Map("counters"));
        // A signal to this thread would end it too early.
        var isComplete = program.Inject(Samples.Packet(0), 1000);
        var values = new ulong[Processors.Possible];
        Assert.True(counters.TryGet(0, values));
        var seen = values.Aggregate(0ul, (sum, one) => sum + one);
        Assert.True(isComplete ? seen == 1000 : seen < 1000, $"{seen} of 1000");
        Assert.Throws<LinuxException>(() => program.Inject(new byte[13], 1));
    }

    [Fact]
    public void What_programs_count_can_be_read()
    {
        using var loader = new BpfLoader(Samples.Sample());
        using var program = loader.Load("choosing");
        using var seen = new BpfMap<Key, Value>(loader.Map("seen"));
        using var counters = new BpfMap<uint, ulong>(loader.Map("counters"));
        for (var i = 0; i < 5; i++)
        {
            program.Test(Samples.Packet((byte)(i % 2)), new byte[64]);
        }

        Assert.True(seen.TryGet(new(0, 'x'), out var zero));
        Assert.Equal((3ul, 0u), (zero.Count, zero.Last));
        Assert.Equal(
            [(0u, 3ul), (1u, 2ul)],
            seen.ToList().Select(entry => (entry.Key.Number, entry.Value.Count)).Order()
        );
        var values = new ulong[Processors.Possible];
        Assert.True(counters.TryGet(0, values));
        Assert.Equal(5, values.Sum(value => (long)value));
        Assert.False(seen.TryGet(new(9, 'x'), out _));
        Assert.True(seen.Remove(new(0, 'x')));
        Assert.False(seen.Remove(new(0, 'x')));
    }

    [Fact]
    public void A_ring_tells_of_each_event_once()
    {
        using var loader = new BpfLoader(Samples.Sample());
        using var program = loader.Load("choosing");
        using var ring = new BpfRing(loader.Map("events"));
        Assert.False(ring.Wait(TimeSpan.Zero));
        var events = new List<uint>();
        // Around its end, too: a record takes 16 of its 4096 bytes.
        for (var round = 0; round < 4; round++)
        {
            for (var i = 0; i < 100; i++)
            {
                program.Test(Samples.Packet((byte)i), new byte[64]);
            }

            Assert.True(ring.Wait(TimeSpan.FromSeconds(10)));
            Assert.Equal(100, ring.Read(record => events.Add(MemoryMarshal.Read<uint>(record))));
            Assert.Equal(0, ring.Read(_ => { }));
        }

        Assert.Equal(Enumerable.Range(0, 400).Select(i => (uint)(i % 100)), events);
    }

    [Fact]
    public void Constants_are_what_they_were_set_to()
    {
        var sample = Samples.Sample();
        sample.Constants.Set("verdict", Drop);
        sample.Constants.Set("counts", (byte)0);
        using var loader = new BpfLoader(sample);
        using var program = loader.Load("choosing");
        Assert.Equal(Drop, program.Test(Samples.Packet(1), new byte[64]).Verdict);
        using var seen = new BpfMap<Key, Value>(loader.Map("seen"));
        Assert.Empty(seen.ToList());
    }

    [Fact]
    public void Many_entries_go_and_come_at_once()
    {
        using var map = BpfMap.Make(
            new()
            {
                Name = "many",
                Type = BpfMapType.Hash,
                KeySize = 4,
                ValueSize = 8,
                MaxEntries = 20_000,
            }
        );
        using var many = new BpfMap<uint, ulong>(map);
        var keys = Enumerable.Range(0, 20_000).Select(number => (uint)number).ToArray();
        many.Set(keys, keys.Select(key => key * 3ul).ToArray());
        var read = many.ToList();
        Assert.Equal(20_000, read.Count);
        Assert.All(read, entry => Assert.Equal(entry.Key * 3ul, entry.Value));
        var full = Assert.Throws<LinuxException>(() => many.Set(20_000, 0));
        Assert.Contains("set an entry of BPF map many", full.Message, StringComparison.Ordinal);
        Assert.Equal(Errno.Exists, Assert.Throws<LinuxException>(() => many.Set(5, 0, BpfUpdate.New)).Error);
    }

    [Fact]
    public void The_verifier_says_why_and_at_which_line()
    {
        using var loader = new BpfLoader(BpfObject.Parse(Samples.Bytes("refused")));
        var error = Assert.Throws<BpfRefusedException>(() => loader.Load("careless"));
        Assert.StartsWith("load BPF program careless: Permission denied (13)", error.Message, StringComparison.Ordinal);
        Assert.Contains("invalid access to packet", error.Message, StringComparison.Ordinal);
        Assert.Contains("data[13] == 1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_map_of_a_former_run_may_be_used_if_it_holds_the_same()
    {
        using var former = new BpfLoader(Samples.Sample());
        using var program = former.Load("choosing");
        program.Test(Samples.Packet(1), new byte[64]);

        using var loader = new BpfLoader(Samples.Sample());
        using var spare = BpfMap.Make(former.Map("seen").Spec with { MaxEntries = 8 });
        Assert.Throws<BpfObjectException>(() => loader.Use("seen", spare));
        Assert.Throws<BpfObjectException>(() => loader.Use("unseen", spare));
    }

    [Fact]
    public void Spans_of_another_size_never_reach_the_kernel()
    {
        using var loader = new BpfLoader(Samples.Sample());
        var seen = loader.Map("seen");
        Assert.Throws<ArgumentException>(() => seen.TryGet(new byte[4], new byte[16]));
        Assert.Throws<ArgumentException>(() => seen.TryGet(new byte[8], new byte[8]));
        Assert.Throws<ArgumentException>(() => seen.Set(new byte[8], new byte[17]));
        Assert.Throws<ArgumentException>(() => new BpfMap<uint, Value>(seen));
    }

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct Key(uint number, char letter)
    {
        public readonly uint Number = number;

        // With its padding.
        public readonly uint Letter = letter;
    }

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct Value
    {
        public readonly ulong Count;
        public readonly uint Last;
        public readonly uint Pad;
    }
}
