using Fulcrum.Engine.Reasons;

namespace Fulcrum.Engine.Events;

/// <summary>Objects of adapters that cannot be had: told when it begins and when it ends, not at each attempt.</summary>
internal static class Troubles
{
    private const string Failing = "failing";
    private const string Standing = "standing";

    public static NodeEvent Began(string kind, string key, string reason) =>
        new(EventKind.Trouble, SubjectOf(kind, key), Standing, Failing, reason) { IsBad = true };

    public static NodeEvent Ended(string kind, string key) =>
        new(EventKind.Trouble, SubjectOf(kind, key), Failing, Standing, "it is as it should be");

    private static Subject SubjectOf(string kind, string key) =>
        new(
            kind switch
            {
                "plane" => SubjectKind.Plane,
                "announcement" => SubjectKind.Announcement,
                _ => SubjectKind.Host,
            },
            key
        );
}
