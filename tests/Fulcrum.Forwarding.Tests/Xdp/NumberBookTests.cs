using Fulcrum.Forwarding.Xdp.Numbering;
using Fulcrum.Linux.Bpf.Maps;
using Fulcrum.TestKit;

namespace Fulcrum.Forwarding.Tests.Xdp;

/// <summary>Numbers stay with their owners, also over a process, and change owners as late as possible.</summary>
public sealed class NumberBookTests : IDisposable
{
    private const int Bound = 4;

    private readonly BpfMap<uint, OwnerDigest> _map;

    public NumberBookTests()
    {
        Require.Root();
        using var map = BpfMap.Make(
            new()
            {
                Name = "owners",
                Type = BpfMapType.Hash,
                KeySize = 4,
                ValueSize = 16,
                MaxEntries = 64,
            }
        );
        _map = new(map);
    }

    public void Dispose() => _map.Dispose();

    [Fact]
    public void An_owner_keeps_its_number_and_finds_it_again()
    {
        var book = Backends();
        Assert.Equal([1u, 2u], book.Want(["a", "b"], Bound));
        Assert.Empty(book.Want(["b"], Bound));
        Assert.Empty(book.Want(["a", "b"], Bound));
        Assert.Equal((1u, 2u), (book["a"], book["b"]));

        var next = Backends();
        Assert.Empty(next.Want(["b", "a"], Bound));
        Assert.Equal((1u, 2u), (next["a"], next["b"]));
        // Vips have numbers of their own.
        Assert.Equal([1u], new NumberBook(_map, NumberBook.Vips).Want(["a"], Bound));
    }

    [Fact]
    public void When_all_were_given_once_the_one_unwanted_for_longest_changes_its_owner()
    {
        var book = Backends();
        book.Want(["a", "b", "c"], Bound);
        book.Want(["b", "c"], Bound);
        book.Want(["c"], Bound);
        Assert.Equal([1u], book.Want(["c", "d"], Bound));
        Assert.Equal(1u, book["d"]);
        // Who comes back in the meantime had it taken from nobody.
        Assert.Empty(book.Want(["b", "c", "d"], Bound));
        Assert.Equal(2u, book["b"]);
    }

    [Fact]
    public void What_a_former_process_left_is_given_too()
    {
        Backends().Want(["a", "b", "c"], Bound);
        var book = Backends();
        Assert.Single(book.Want(["c", "x"], Bound));
        Assert.Equal(3u, book["c"]);
        Assert.InRange(book["x"], 1u, 2u);
    }

    private NumberBook Backends() => new(_map, NumberBook.Backends);
}
