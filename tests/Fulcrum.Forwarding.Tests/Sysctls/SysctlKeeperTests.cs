using Fulcrum.Forwarding.Sysctls;
using Fulcrum.TestKit;
using Fulcrum.TestKit.Namespaces;

namespace Fulcrum.Forwarding.Tests.Sysctls;

public sealed class SysctlKeeperTests : IDisposable
{
    private const string Forwarding = "net/ipv4/conf/eth0/forwarding";
    private const string Filter = "net/ipv4/conf/eth0/rp_filter";

    private readonly TemporaryDirectory _directory = new();

    public SysctlKeeperTests()
    {
        Kernel(Forwarding, "0\n");
        Kernel(Filter, "1\n");
    }

    private string Memory => Path.Combine(_directory.FullName, "sysctls");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void What_differs_is_set_and_what_is_as_it_should_be_is_not_touched()
    {
        var keeper = Keeper();
        Assert.Empty(keeper.Apply([new(Forwarding, "1"), new(Filter, "2", "1")]));
        Assert.Equal(("1", "1"), (Kernel(Forwarding), Kernel(Filter)));
        Assert.Equal(1, keeper.Written);
        Assert.Empty(keeper.Apply([new(Forwarding, "1"), new(Filter, "2", "1")]));
        Assert.Equal(1, keeper.Written);
    }

    [Fact]
    public void Whoever_runs_next_gives_back_what_was_there_first()
    {
        Assert.Empty(Keeper().Apply([new(Forwarding, "1"), new(Filter, "2")]));
        var next = Keeper();
        Assert.Empty(next.Apply([new(Forwarding, "1"), new(Filter, "2")]));
        Assert.Equal(0, next.Written);
        Assert.Empty(next.Restore());
        Assert.Equal(("0", "1"), (Kernel(Forwarding), Kernel(Filter)));
        // And once only.
        Kernel(Forwarding, "1");
        Assert.Empty(Keeper().Restore());
        Assert.Equal("1", Kernel(Forwarding));
    }

    [Fact]
    public void What_is_not_wanted_any_more_is_given_back()
    {
        var keeper = Keeper();
        Assert.Empty(keeper.Apply([new(Forwarding, "1"), new(Filter, "2")]));
        Assert.Empty(keeper.Apply([new(Filter, "2")]));
        Assert.Equal(("0", "2"), (Kernel(Forwarding), Kernel(Filter)));
    }

    [Fact]
    public void What_others_set_since_is_theirs()
    {
        var keeper = Keeper();
        Assert.Empty(keeper.Apply([new(Filter, "2")]));
        Kernel(Filter, "0");
        Assert.Empty(keeper.Restore());
        Assert.Equal("0", Kernel(Filter));
    }

    [Fact]
    public void The_first_value_counts_if_it_is_set_more_than_once()
    {
        var keeper = Keeper();
        Assert.Empty(keeper.Apply([new(Filter, "2")]));
        Kernel(Filter, "1");
        Assert.Empty(keeper.Apply([new(Filter, "0")]));
        Assert.Empty(keeper.Restore());
        Assert.Equal("1", Kernel(Filter));
    }

    [Fact]
    public void What_cannot_be_set_is_told_and_the_rest_is_done()
    {
        var keeper = Keeper();
        Assert.Equal(
            ["net/ipv4/conf/gone/forwarding is not there"],
            keeper.Apply([new("net/ipv4/conf/gone/forwarding", "1"), new(Forwarding, "1")])
        );
        Assert.Equal("1", Kernel(Forwarding));
        var lack = Assert.Single(keeper.Check([new(Filter, "2"), new(Forwarding, "1")]));
        Assert.Equal(($"{Filter} is 1 and should be 2", true), (lack.ToString(), lack.CanBeSet));
        Assert.False(Assert.Single(keeper.Check([new("net/ipv4/conf/gone/forwarding", "1")])).CanBeSet);
        Assert.Equal("1", Kernel(Filter));
    }

    [Fact]
    public void A_parameter_of_several_numbers_is_known_again_and_given_back()
    {
        const string Threshold = "net/ipv4/vs/sync_threshold";
        Kernel(Threshold, "3\t8\n");
        Assert.Empty(Keeper().Apply([new(Threshold, "3 4")]));
        Assert.Equal("3 4", Kernel(Threshold));
        Kernel(Threshold, "3\t4\n");
        var next = Keeper();
        Assert.Empty(next.Apply([new(Threshold, "3 4")]));
        Assert.Equal(0, next.Written);
        Assert.Empty(next.Restore());
        Assert.Equal("3 8", Kernel(Threshold));
    }

    [Fact]
    public void A_file_that_somebody_spoiled_is_no_reason_to_stop()
    {
        File.WriteAllText(Memory, $"nonsense\n{Forwarding}\t0\t1\n\t\t\t\t\n");
        Kernel(Forwarding, "1");
        Assert.Empty(Keeper().Restore());
        Assert.Equal("0", Kernel(Forwarding));
    }

    [Fact]
    public void A_kernel_has_all_that_is_wished_of_it()
    {
        using var home = NetworkNamespace.Create("sysctls");
        home.Ip("link", "add", "name", "eth0", "type", "veth", "peer", "name", "other0");
        home.Run(() =>
        {
            var keeper = new SysctlKeeper("/proc/sys", Memory);
            IReadOnlyList<SysctlWish> wishes =
            [
                .. SysctlWishes.NatOverIPv4("eth0"),
                .. SysctlWishes.NatOverIPv6(),
                .. SysctlWishes.AnswersFromVip("eth0"),
                .. SysctlWishes.QuietArp("eth0"),
            ];
            Assert.Empty(keeper.Apply(wishes));
            Assert.Empty(keeper.Check(wishes));
            Assert.Empty(keeper.Restore());
            Assert.NotEmpty(keeper.Check(wishes));
        });
    }

    private SysctlKeeper Keeper() => new(Path.Combine(_directory.FullName, "sys"), Memory);

    private string Kernel(string path) => File.ReadAllText(Path.Combine(_directory.FullName, "sys", path)).Trim();

    private void Kernel(string path, string value)
    {
        var file = Path.Combine(_directory.FullName, "sys", path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, value);
    }
}
