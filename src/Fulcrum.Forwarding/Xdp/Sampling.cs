using System.Text;
using Fulcrum.Engine.Ports;
using Fulcrum.Forwarding.Xdp.Numbering;
using Fulcrum.Forwarding.Xdp.Tables;
using Fulcrum.Forwarding.Xdp.Translating;
using Fulcrum.Model.Values;

namespace Fulcrum.Forwarding.Xdp;

/// <summary>
/// The program's counters as those of services and backends. They are the tables', and so older than this process where
/// that found them there.
/// </summary>
internal static class Sampling
{
    private static readonly (Reason Reason, string Outcome, string Name)[] Outcomes =
    [
        .. Enum.GetValues<Reason>()
            .Select(reason =>
            {
                var words = Words($"{reason}");
                var end = words.IndexOf('-', StringComparison.Ordinal);
                return (reason, words[..end], words[(end + 1)..]);
            }),
    ];

    public static PlaneObservation Of(
        VipTranslation translation,
        XdpProgram program,
        NumberBook vips,
        NumberBook backends
    )
    {
        var services = new List<ObservedService>();
        foreach (var group in translation.Vips.GroupBy(vip => vip.Service))
        {
            var sum = default(SessionCounters);
            var all = new Dictionary<(string Upstream, string Id), SessionCounters>();
            foreach (var vip in group)
            {
                sum += CountersOf(program.TrafficOfVip(vips[vip.Identity]));
                foreach (var backend in vip.Backends)
                {
                    var key = (vip.Upstream, backend.Id);
                    var counted = CountersOf(program.TrafficOfBackend(backends[backend.Identity]));
                    all[key] = all.GetValueOrDefault(key) + counted;
                }
            }

            services.Add(
                new(
                    group.Key,
                    sum,
                    Items.From(all.Select(pair => new ObservedBackend(pair.Key.Upstream, pair.Key.Id, pair.Value)))
                )
            );
        }

        return new(translation.Table.Generation, Items.From(services))
        {
            Packets = Items.From(
                Outcomes
                    .Select(known => new PacketOutcome(known.Outcome, known.Name, (long)program.Count(known.Reason)))
                    .Where(one => one.Count > 0)
            ),
        };
    }

    // PassedNotIP: passed-not-ip.
    private static string Words(string name)
    {
        var words = new StringBuilder();
        for (var i = 0; i < name.Length; i++)
        {
            if (i > 0 && char.IsUpper(name[i]) && !char.IsUpper(name[i - 1]))
            {
                words.Append('-');
            }

            words.Append(char.ToLowerInvariant(name[i]));
        }

        return words.ToString();
    }

    private static SessionCounters CountersOf(TrafficEntry traffic) =>
        new()
        {
            Total = (long)traffic.Connections,
            BytesIn = (long)traffic.Bytes,
            BytesOut = (long)traffic.AnswerBytes,
            PacketsIn = (long)traffic.Packets,
            PacketsOut = (long)traffic.Answers,
        };
}
