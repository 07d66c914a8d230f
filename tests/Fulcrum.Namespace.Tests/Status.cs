using System.Text.Json;
using Fulcrum.TestKit;
using Fulcrum.TestKit.Peers;

namespace Fulcrum.Namespace.Tests;

/// <summary>What <c>fulcrum status -o json</c> said.</summary>
internal sealed class Status
{
    private readonly JsonElement _document;

    private Status(JsonElement document) => _document = document;

    public long Generation => _document.GetProperty("generation").GetInt64();

    public static Status Of(Daemon daemon)
    {
        var (_, output, errors) = daemon.Command("status", "-o", "json");
        Assert.True(output.StartsWith('{'), errors);
        using var document = JsonDocument.Parse(output);
        return new(document.RootElement.Clone());
    }

    public static Task Until(Daemon daemon, Func<Status, bool> condition, string what) =>
        Wait.Until(() => condition(Of(daemon)), what);

    public string Duty(string service, string backend) => Backend(service, backend).GetProperty("duty").GetString()!;

    public long Counter(string service, string name) =>
        Service(service).GetProperty("counters").GetProperty(name).GetInt64();

    private JsonElement Service(string name) =>
        _document.GetProperty("services").EnumerateArray().Single(item => item.GetProperty("name").GetString() == name);

    private JsonElement Backend(string service, string id) =>
        Service(service)
            .GetProperty("backends")
            .EnumerateArray()
            .Single(item => item.GetProperty("id").GetString() == id);
}
