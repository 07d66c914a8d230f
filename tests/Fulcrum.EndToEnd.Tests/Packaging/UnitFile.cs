using Fulcrum.TestKit;

namespace Fulcrum.EndToEnd.Tests.Packaging;

/// <summary>A systemd unit of <c>deploy/systemd</c>, read as systemd.syntax(7) says; of what it may say, what ours say.</summary>
internal sealed class UnitFile
{
    private readonly ILookup<string, string> _settings;

    private UnitFile(IEnumerable<string> lines) =>
        _settings = lines
            .Where(line => line.Contains('=', StringComparison.Ordinal) && line[0] is not ('#' or ';'))
            .Select(line => line.Split('=', 2))
            .ToLookup(pair => pair[0], pair => pair[1], StringComparer.Ordinal);

    public static UnitFile Service { get; } = Read("fulcrum.service");

    public static string PathOf(string name) => Repository.PathOf("deploy", "systemd", name);

    public static UnitFile Read(string name) => new(File.ReadLines(PathOf(name)));

    /// <summary>The only value of a setting.</summary>
    public string this[string setting] => Assert.Single(_settings[setting]);

    /// <summary>The words of a setting that is a list, out of all its lines.</summary>
    public string[] ListOf(string setting) => [.. _settings[setting].SelectMany(value => value.Split(' '))];

    /// <summary>Every line of a setting.</summary>
    public IEnumerable<string> LinesOf(string setting) => _settings[setting];
}
