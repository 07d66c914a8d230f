using Fulcrum.TestKit.Namespaces;

namespace Fulcrum.TestKit.Load;

/// <summary>
/// DNS questions over UDP, each from a fresh port. The label of a success is the first answer's text, so servers
/// that answer one name differently tell who answered.
/// </summary>
public sealed class DnsLoad : LoadRun
{
    private readonly NetworkNamespace? _home;
    private readonly DnsLoadOptions _options;

    private DnsLoad(NetworkNamespace? home, DnsLoadOptions options)
    {
        _home = home;
        _options = options;
    }

    /// <summary>Starts the clients in a namespace (null: where the test runs).</summary>
    public static DnsLoad Start(NetworkNamespace? home, DnsLoadOptions options)
    {
        var load = new DnsLoad(home, options);
        load.Start(options.Clients, load.Client);
        return load;
    }

    private async Task Client(int number, CancellationToken stopping)
    {
        var most = _options.QuestionsPerClient ?? long.MaxValue;
        for (var asked = 0L; asked < most && !stopping.IsCancellationRequested; asked++)
        {
            var answer = await DnsClient.Ask(
                _home,
                _options.Target,
                _options.Name,
                _options.Type,
                _options.Timeout,
                (ushort)(asked + number)
            );
            Count(answer);
            await Wait.Pace(_options.Interval, stopping);
        }
    }

    private void Count(DnsAnswer answer)
    {
        if (answer.Failure is { } failure)
        {
            Report.Add(failure, 0);
        }
        else if (answer.Message is { ResponseCode: 0, Answers: [var label, ..] })
        {
            Report.Succeeded(label);
        }
        else
        {
            Report.Add(
                new Failure(FailureKind.BadResponse, $"response code {answer.Message!.ResponseCode}, no answer"),
                0
            );
        }
    }
}
