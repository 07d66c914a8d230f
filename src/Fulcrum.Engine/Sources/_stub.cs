using Fulcrum.Engine.Journaling;
using Fulcrum.Model;
using Fulcrum.Model.Problems;
using Fulcrum.Model.Sources;

namespace Fulcrum.Engine.Sources;

public sealed record BookChange(SourceBook? Book, IReadOnlyList<Problem> Problems);

public sealed record ObjectChange;

public sealed record SourceBook
{
    public static SourceBook Empty { get; } = new();
    public static Source Api { get; } = new(SourceKind.Api, "api");
    public static Source Rollback { get; } = new(SourceKind.Api, "api");
    public Snapshot Snapshot { get; init; } = Snapshot.Empty;

    public BookChange Replace(Source s, Snapshot c) => new(this with { Snapshot = c }, []);

    public BookChange ReplaceLive(Source s, Snapshot c) => new(this with { Snapshot = c }, []);

    public BookChange ChangeApi(IReadOnlyList<ObjectChange> c) => new(this, []);

    public SourceBook? Quarantine(Problem p) => null;

    public IEnumerable<JournalChange> ApiChangesSince(SourceBook b) => [];
}

public static class Guard
{
    public static Problem? Check(Snapshot a, Snapshot b) => null;
}
