using System.Net;
using Fulcrum.Model.Checks;
using Fulcrum.Model.Policies;
using Fulcrum.Model.Problems;
using Fulcrum.Model.Services;
using Fulcrum.Model.Upstreams;
using Fulcrum.Model.Validation;
using Fulcrum.Model.Values;

namespace Fulcrum.Model.Tests;

public sealed class ValuesTests
{
    [Theory]
    [InlineData("blance", "balance")]
    [InlineData("upstram", "upstream")]
    [InlineData("lsiten", "listen")]
    [InlineData("Labels", "labels")]
    [InlineData("zzz", null)]
    public void A_near_miss_is_found_and_a_far_one_is_not(string word, string? meant) =>
        Assert.Equal(meant, NearMiss.Of(word, ["balance", "upstream", "listen", "labels", "checks"]));

    [Theory]
    [InlineData(SelectorOperator.In, "a", true)]
    [InlineData(SelectorOperator.In, "x", false)]
    [InlineData(SelectorOperator.NotIn, "x", true)]
    [InlineData(SelectorOperator.NotIn, "a", false)]
    public void A_selector_term_reads_labels_as_kubernetes_does(SelectorOperator op, string value, bool matches)
    {
        var labels = Labels.From([new("rack", "a")]);
        Assert.Equal(matches, new SelectorTerm("rack", op, [value]).Matches(labels));
        Assert.Equal(op == SelectorOperator.NotIn, new SelectorTerm("tier", op, [value]).Matches(labels));
    }

    [Fact]
    public void Labels_compare_by_content_whatever_their_order()
    {
        var one = Labels.From([new("a", "1"), new("b", "2")]);
        var two = Labels.From([new("b", "2"), new("a", "1")]);
        Assert.Equal(one, two);
        Assert.Equal(one.GetHashCode(), two.GetHashCode());
        Assert.NotEqual(one, two.With("c", "3"));
    }

    [Fact]
    public void A_policy_is_laid_over_a_farther_one()
    {
        var tcp = new Check { Probe = new TcpProbe() };
        var http = new Check { Probe = new HttpProbe() };
        var near = new Policy { Forward = Forwarding.Nat, Checks = [http] };
        var far = new Policy
        {
            Forward = Forwarding.Dsr,
            Balance = new() { Algorithm = BalanceAlgorithm.First },
            Checks = [tcp, http],
        };
        var both = near.Over(far);
        Assert.Equal(Forwarding.Nat, both.Forward);
        Assert.Equal(BalanceAlgorithm.First, both.Balance!.Algorithm);
        Assert.Equal([tcp, http], both.Checks);
        Assert.Same(far, Policy.Unset.Over(far));
    }

    [Fact]
    public void Named_objects_are_found_replaced_and_kept_in_order()
    {
        var named = Named<Upstream>.From([new() { Name = "a" }, new() { Name = "b" }]);
        var changed = named.With(new() { Name = "a", BroadcastBy = "x" }).With(new() { Name = "c" });
        Assert.Equal(["a", "b", "c"], changed.Select(item => item.Name));
        Assert.Equal("x", changed.Find("a")!.BroadcastBy);
        Assert.Null(changed.Without("b").Find("b"));
        Assert.Equal(named, Named<Upstream>.From([new() { Name = "a" }, new() { Name = "b" }]));
    }

    [Fact]
    public void A_path_is_written_as_the_language_would_write_it()
    {
        var path = new ModelPath([new("services", 0), new("a.b", 0), new("listen", 0), new(null, 2)]);
        Assert.Equal("services[\"a.b\"].listen[2]", path.ToString());
    }

    [Fact]
    public void A_problem_is_one_line_for_people()
    {
        var problem = new Problem
        {
            Position = new("edge.yaml", 12, 7),
            Path = "services.web",
            Message = "unknown key 'blance'",
            Suggestion = "balance",
        };
        Assert.Equal("edge.yaml:12:7: services.web: unknown key 'blance'; did you mean 'balance'?", problem.ToString());
    }

    [Theory]
    [InlineData("10.0.0.1", 80, "10.0.0.1:80")]
    [InlineData("2001:db8::1", 80, "[2001:db8::1]:80")]
    [InlineData("10.0.0.1", null, "10.0.0.1")]
    public void A_backend_goes_by_its_endpoint(string address, int? port, string id) =>
        Assert.Equal(id, new Backend { Address = HostAddress.Of(IPAddress.Parse(address)), Port = port }.Id);

    [Theory]
    [InlineData("192.0.2.80", 24, "192.0.2.1", true)]
    [InlineData("192.0.2.80", 24, "192.0.3.80", false)]
    [InlineData("192.0.2.80", 28, "192.0.2.95", true)]
    [InlineData("192.0.2.80", 28, "192.0.2.96", false)]
    [InlineData("192.0.2.80", 32, "192.0.2.80", true)]
    [InlineData("192.0.2.80", 32, "192.0.2.81", false)]
    [InlineData("192.0.2.80", 0, "203.0.113.1", true)]
    [InlineData("192.0.2.80", 0, "2001:db8::1", false)]
    [InlineData("2001:db8::80", 63, "2001:db8:0:1::1", true)]
    [InlineData("2001:db8::80", 64, "2001:db8:0:1::1", false)]
    public void A_network_holds_the_addresses_that_begin_like_it(string own, int length, string other, bool holds) =>
        Assert.Equal(holds, new InterfaceAddress(IPAddress.Parse(own), length).Holds(IPAddress.Parse(other)));
}
