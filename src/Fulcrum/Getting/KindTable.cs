using Fulcrum.Model.Validation;

namespace Fulcrum.Getting;

/// <summary>All kinds that <c>fulcrum get</c> knows. A new list of the API becomes one by a file beside these and a line here.</summary>
internal static class KindTable
{
    public static IReadOnlyList<ObjectKind> All { get; } =
    [
        ServiceKind.Kind,
        UpstreamKind.Kind,
        BackendKind.Kind,
        CheckKind.Kind,
        CertificateKind.Kind,
        VipKind.Kind,
        AnnouncementKind.Kind,
        PeerKind.Kind,
        OverrideKind.Kind,
        SourceKind.Kind,
        PlaneKind.Kind,
        SessionKind.Kind,
    ];

    public static string Names { get; } = string.Join(", ", All);

    /// <summary>The kind that is called so, in singular or plural, or whose name alone begins so.</summary>
    public static ObjectKind? Find(string word) => Meant(word) is [var kind] ? kind : null;

    /// <summary>Why the word is none.</summary>
    public static string WhyNot(string word) =>
        Meant(word) is { Count: > 1 } several
            ? $"'{word}' can be {Either(several)}"
            : $"there is no kind '{word}'{Near(word)}";

    private static List<ObjectKind> Meant(string word)
    {
        var exact = All.Where(kind => kind.One == word || kind.Many == word).ToList();
        return exact.Count > 0 ? exact
            : word.Length == 0 ? []
            :
            [
                .. All.Where(kind =>
                    kind.One.StartsWith(word, StringComparison.Ordinal)
                    || kind.Many.StartsWith(word, StringComparison.Ordinal)
                ),
            ];
    }

    private static string Either(IReadOnlyList<ObjectKind> kinds) =>
        $"{string.Join(", ", kinds.SkipLast(1))} or {kinds[^1]}";

    private static string Near(string word) =>
        NearMiss.Of(word, All.SelectMany(kind => new[] { kind.One, kind.Many })) is { } meant
            ? $"; did you mean '{meant}'?"
            : $"; there are {Names}";
}
