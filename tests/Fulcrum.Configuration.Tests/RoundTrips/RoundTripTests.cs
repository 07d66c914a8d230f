using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Fulcrum.Configuration.Language;
using Fulcrum.Configuration.Nodes;
using Fulcrum.Configuration.Problems;
using Fulcrum.Configuration.Shapes;
using Fulcrum.Configuration.Tests.Schemas;
using Fulcrum.Model;
using Fulcrum.Model.Announcements;
using Fulcrum.Model.Discovery;
using Fulcrum.Model.Nodes;
using Fulcrum.Model.Peers;
using Fulcrum.Model.Pools;
using Fulcrum.Model.Routing;
using Fulcrum.Model.Services;
using Fulcrum.Model.Stages;
using Fulcrum.Model.Tls;
using Fulcrum.Model.Upstreams;
using Fulcrum.Model.Values;
using Fulcrum.Model.Vips;

namespace Fulcrum.Configuration.Tests.RoundTrips;

/// <summary>
/// Whatever a model holds, what is written of it reads back equal, is valid by the schema, or is refused: it never
/// reads back as something else. The counts see to it that most is not refused.
/// </summary>
public sealed class RoundTripTests
{
    private const int Runs = 300;

    private static readonly Dictionary<string, string> NoVariables = new(StringComparer.Ordinal);

    [Fact]
    public void Services() =>
        Holds<Service>((whole, item) => whole with { Services = Named<Service>.From([item with { Name = "n" }]) });

    [Fact]
    public void Upstreams() =>
        Holds<Upstream>((whole, item) => whole with { Upstreams = Named<Upstream>.From([item with { Name = "n" }]) });

    [Fact]
    public void Route_lists() =>
        Holds<RouteList>(
            (whole, item) => whole with { RouteLists = Named<RouteList>.From([item with { Name = "n" }]) }
        );

    [Fact]
    public void Stages() =>
        Holds<Stage>((whole, item) => whole with { Stages = Named<Stage>.From([item with { Name = "n" }]) });

    [Fact]
    public void Interfaces() =>
        Holds<Interface>(
            (whole, item) => whole with { Interfaces = Named<Interface>.From([item with { Name = "n" }]) }
        );

    [Fact]
    public void Nodes() =>
        Holds<Node>((whole, item) => whole with { Nodes = Named<Node>.From([item with { Name = "n" }]) });

    [Fact]
    public void Vips() =>
        Holds<Vip>((whole, item) => whole with { Vips = Named<Vip>.From([item with { Name = "n" }]) });

    [Fact]
    public void Announcements() =>
        Holds<Announcement>(
            (whole, item) => whole with { Announcements = Named<Announcement>.From([item with { Name = "n" }]) }
        );

    [Fact]
    public void Peers() =>
        Holds<Peer>((whole, item) => whole with { Peers = Named<Peer>.From([item with { Name = "n" }]) });

    [Fact]
    public void Pools() =>
        Holds<AddressPool>((whole, item) => whole with { Pools = Named<AddressPool>.From([item with { Name = "n" }]) });

    [Fact]
    public void Registries() =>
        Holds<Registry>((whole, item) => whole with { Registries = Named<Registry>.From([item with { Name = "n" }]) });

    [Fact]
    public void Defaults() => Holds<Defaults>((whole, item) => whole with { Defaults = item });

    [Fact]
    public void Api() => Holds<ApiSettings>((whole, item) => whole with { Api = item });

    [Fact]
    public void Acme() => Holds<AcmeSettings>((whole, item) => whole with { Acme = item });

    [Fact]
    public void Ipvs() => Holds<IpvsSettings>((whole, item) => whole with { Ipvs = item });

    [Fact]
    public void Xdp() => Holds<XdpSettings>((whole, item) => whole with { Xdp = item });

    [Fact]
    public void Guards() => Holds<Guard>((whole, item) => whole with { Guard = item });

    private static void Holds<T>(Func<Snapshot, T, Snapshot> put)
    {
        var read = 0;
        var refused = new List<string>();
        Prop.ForAll<int>(seed =>
            {
                var snapshot = put(Snapshot.Empty, new RandomModel(seed).Make<T>());
                var problems = RoundTrip(snapshot);
                read += problems.Count == 0 ? 1 : 0;
                refused.AddRange(problems);
            })
            .Check(Config.QuickThrowOnFailure.WithMaxTest(Runs).WithQuietOnSuccess(true));
        Assert.True(read * 5 > Runs, $"{read} of {Runs} were read; refused: {string.Join('\n', refused.Take(20))}");
    }

    private static IReadOnlyList<string> RoundTrip(Snapshot snapshot)
    {
        var yaml = SnapshotWriter.ToYaml(snapshot);
        var json = SnapshotWriter.ToJson(snapshot);
        var problems = new ProblemList();
        var fromYaml = Read(yaml, ConfigurationFormat.Yaml, problems);
        var fromJson = Read(json, ConfigurationFormat.Json, new ProblemList());
        if (problems.HasErrors)
        {
            Assert.Null(fromJson);
            return [.. problems.ToList().Select(problem => problem.ToString())];
        }

        Assert.True(snapshot == fromYaml, $"YAML reads back as another:\n{yaml}\n{SnapshotWriter.ToYaml(fromYaml!)}");
        Assert.True(snapshot == fromJson, $"JSON reads back as another:\n{json}");
        Assert.True(
            SchemaTests.Checker.Check(JsonNode.Parse(json)) is null,
            $"{SchemaTests.Checker.Check(JsonNode.Parse(json))}\n{json}"
        );
        return [];
    }

    // Without the rules over the whole: a single object refers to others that are not there.
    private static Snapshot? Read(string text, ConfigurationFormat format, ProblemList problems)
    {
        var reader = new DocumentReader(NodeLimits.Default, NoVariables, SnapshotShape.MergedKeys, problems);
        var root = reader.ReadText(System.Text.Encoding.UTF8.GetBytes(text), "text", format);
        return SnapshotShape.Shape.TryRead(root, new ReadContext(problems), out var options) && !problems.HasErrors
            ? options.Snapshot with
            {
                Services = Named<Service>.From(options.Services.Select(service => service.Service)),
            }
            : null;
    }
}
