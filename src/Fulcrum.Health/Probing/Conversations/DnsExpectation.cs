using Fulcrum.Model.Checks;
using Fulcrum.Protocols.Dns;

namespace Fulcrum.Health.Probing.Conversations;

/// <summary>What a DNS server is asked, and what it must answer.</summary>
internal sealed class DnsExpectation(DnsProbe probe)
{
    private const int MostShown = 4;

    public DnsQuestion Question { get; } = new(probe.Query, Enum.Parse<DnsRecordType>(probe.Type));

    public ProbeResult Judge(DnsMessage message)
    {
        var answer = DnsAnswer.Find(Question, message);
        if (answer.Error is { } error)
        {
            return ProbeResult.Bad(error);
        }

        foreach (var wanted in probe.Expect)
        {
            if (!answer.Has(wanted))
            {
                return ProbeResult.Bad($"{wanted} is not among the answers: {Show(answer)}");
            }
        }

        return probe.Only && answer.Data.Count > probe.Expect.Count
            ? ProbeResult.Bad($"there are other answers, too: {Show(answer)}")
            : ProbeResult.Good(Show(answer));
    }

    private static string Show(DnsAnswer answer) =>
        string.Join(", ", answer.Data.Take(MostShown)) + (answer.Data.Count > MostShown ? ", ..." : "");
}
