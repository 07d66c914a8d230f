using System.CommandLine;

namespace Fulcrum.Helping;

/// <summary>For each command, what people want who look for it, and examples. Every command has its lines here; a test looks.</summary>
internal static class GuideTable
{
    private const string Start = "Start";
    private const string Look = "Look at the running node";
    private const string Operate = "Take things out of service and put them back";
    private const string Change = "Change the configuration";
    private const string Tools = "Set up the machine";

    private static readonly Dictionary<string, Guide> All = new(StringComparer.Ordinal)
    {
        ["demo"] = new(Start, "fulcrum demo", "fulcrum demo --port 8081"),
        ["run"] = new(
            Start,
            "fulcrum run /etc/fulcrum/fulcrum.yaml",
            new Example("fulcrum run cluster.yaml --node lb1", "one file for a group of nodes")
        ),
        ["validate"] = new(Start, "fulcrum validate fulcrum.yaml"),
        ["status"] = new(Look, "fulcrum status", new Example("fulcrum status -o json", "for programs")),
        ["get"] = new(
            Look,
            "fulcrum get services",
            new Example("fulcrum get backends web", "the members of one upstream"),
            new Example("fulcrum get backend/web/10.0.0.1:80", "all about one"),
            new Example("fulcrum get backends --select rack=a --watch", "as they change"),
            "fulcrum get checks --verdict unhealthy",
            "fulcrum get sessions --service shop --client 192.0.2.0/24",
            new Example("fulcrum get services -o name", "for scripts")
        ),
        ["top"] = new(
            Look,
            "fulcrum top",
            "fulcrum top backends --every 5s",
            new Example("fulcrum top --once", "for a ticket"),
            new Example("fulcrum top -o json", "a line of JSON each second")
        ),
        ["events"] = new(
            Look,
            "fulcrum events",
            new Example("fulcrum events --subject backend/web/", "of one upstream"),
            new Example("fulcrum events --since all -o json", "all that the node keeps, for programs")
        ),
        ["explain"] = new(
            Look,
            "fulcrum explain service/shop",
            "fulcrum explain backend/web/10.0.0.1:80",
            "fulcrum explain check/web/10.0.0.1:80/http"
        ),
        ["trace"] = new(
            Look,
            "fulcrum trace tcp 192.0.2.7 192.0.2.80:443",
            "fulcrum trace udp 192.0.2.7:40000 192.0.2.53:53"
        ),
        ["tap"] = new(
            Look,
            "fulcrum tap --vip 192.0.2.10 -w packets.pcapng",
            new Example("fulcrum tap --from 198.51.100.7 -w client.pcapng", "of one client")
        ),
        ["drain"] = new(
            Operate,
            "fulcrum drain backend/web/10.0.0.1:80 --reason 'kernel update' --for 2h",
            new Example("fulcrum drain host/10.0.0.1 --wait", "come back when nobody is on it")
        ),
        ["disable"] = new(Operate, "fulcrum disable host/10.0.0.1 --reason 'broken disk'"),
        ["enable"] = new(Operate, "fulcrum enable service/shop --for 1h"),
        ["weight"] = new(Operate, "fulcrum weight backend/web/10.0.0.1:80 5"),
        ["clear"] = new(Operate, "fulcrum clear backend/web/10.0.0.1:80"),
        ["plan"] = new(Change, "fulcrum plan fulcrum.yaml"),
        ["apply"] = new(
            Change,
            "fulcrum apply fulcrum.yaml",
            new Example("fulcrum apply fulcrum.yaml --confirm 60s", "taken back unless it is confirmed")
        ),
        ["confirm"] = new(Change, "fulcrum confirm"),
        ["history"] = new(Change, "fulcrum history"),
        ["rollback"] = new(Change, "fulcrum rollback 7 --confirm 60s"),
        ["upgrade"] = new(
            Change,
            "fulcrum upgrade",
            new Example("fulcrum upgrade --within 5m", "for tens of thousands of services")
        ),
        ["doctor"] = new(
            Tools,
            "fulcrum doctor",
            new Example("fulcrum doctor /etc/fulcrum/fulcrum.yaml", "only what this file needs, and for which object"),
            new Example("fulcrum doctor fulcrum.yaml -o json", "for programs")
        ),
        ["decap"] = new(
            Tools,
            "fulcrum decap --interface eth0 --vip 192.0.2.10 --vip 2001:db8::10",
            new Example("fulcrum decap --interface eth0 --vip 192.0.2.10 --from 10.0.0.0/28", "only of these balancers")
        ),
        ["token"] = new(
            Tools,
            new Example("fulcrum token create ci --role operator --for 90d", "shown once, and kept only as a hash"),
            new Example("fulcrum token create web-team --role operator --select tier=web", "for a part of the objects"),
            "fulcrum token list",
            "fulcrum token revoke ci"
        ),
        ["schema"] = new(Tools, "fulcrum schema > fulcrum.schema.json"),
        ["completion"] = new(
            Tools,
            "fulcrum completion bash > /etc/bash_completion.d/fulcrum",
            "fulcrum completion zsh > /usr/local/share/zsh/site-functions/_fulcrum",
            "fulcrum completion fish > ~/.config/fish/completions/fulcrum.fish"
        ),
        ["version"] = new(Tools, "fulcrum version"),
    };

    /// <summary>In the order in which people come to them.</summary>
    public static IReadOnlyList<string> Purposes { get; } = [Start, Look, Operate, Change, Tools];

    /// <summary>Where a command stands among the others: as in this table, and those below it after it.</summary>
    public static int PlaceOf(CommandPage page)
    {
        var name = page.Name.Split(' ')[1];
        return All.Keys.TakeWhile(key => key != name).Count();
    }

    /// <summary>A command below another one has its purpose.</summary>
    public static Guide Of(Command command) =>
        All.GetValueOrDefault(command.Name)
        ?? (
            command.Parents.OfType<Command>().FirstOrDefault(parent => parent is not RootCommand) is { } above
                ? Of(above) with
                {
                    Examples = [],
                }
                : new(Tools)
        );
}
